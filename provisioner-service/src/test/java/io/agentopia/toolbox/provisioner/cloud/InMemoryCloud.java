package io.agentopia.toolbox.provisioner.cloud;

import io.agentopia.toolbox.provisioner.cloud.budget.Priority;
import io.quarkus.test.Mock;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The cloud as the service tests see it: droplets are active at once; what it shall answer next can
 * be set.
 */
@Mock
@ApplicationScoped
public class InMemoryCloud implements CloudProvider {
  public static final Catalog CATALOG =
      new Catalog(
          List.of(new Region("nyc3", "New York 3", true, List.of("s-1vcpu-1gb"))),
          List.of(new Size("s-1vcpu-1gb", 1024, 1, 25, 6.0, true, List.of("nyc3"))));

  private final AtomicLong ids = new AtomicLong(1000);
  private final Map<Long, Droplet> droplets = new ConcurrentHashMap<>();
  private final Map<String, String> userData = new ConcurrentHashMap<>();
  private final List<String> created = new CopyOnWriteArrayList<>();
  private final Queue<Function<DropletRequest, Created>> answers = new ConcurrentLinkedDeque<>();
  private final AtomicInteger hanging = new AtomicInteger();
  private final Map<Long, Integer> asked = new ConcurrentHashMap<>();
  private final AtomicInteger asksSinceList = new AtomicInteger();
  private final AtomicInteger mostAsks = new AtomicInteger();
  private volatile boolean watchingIsHeld;

  /** The next create is answered so, instead of creating. */
  public void nextCreate(Function<DropletRequest, Created> answer) {
    answers.add(answer);
  }

  /** So many creates are never answered. */
  public void hangNextCreates(int count) {
    hanging.set(count);
  }

  /** How often it was asked about each droplet by itself. */
  public Map<Long, Integer> asked() {
    return Map.copyOf(asked);
  }

  /** The most such questions after one list. */
  public int mostAsksAfterOneList() {
    return mostAsks.get();
  }

  /** As when the calls that are left are kept for creating and deleting. */
  public void holdWatching(boolean held) {
    watchingIsHeld = held;
  }

  public long add(DropletRequest request) {
    return add(request, Instant.now());
  }

  public long add(DropletRequest request, Instant createdAt) {
    var id = ids.incrementAndGet();
    droplets.put(
        id,
        new Droplet(
            id,
            request.name(),
            true,
            "203.0.113." + id % 250,
            Set.copyOf(request.tags()),
            createdAt));
    userData.put(request.name(), request.userData());
    return id;
  }

  public void remove(long dropletId) {
    droplets.remove(dropletId);
  }

  public List<Droplet> live(String tag) {
    return droplets.values().stream().filter(d -> d.tags().contains(tag)).toList();
  }

  /** How often a droplet of that name was asked for. */
  public long attempts(String name) {
    return created.stream().filter(name::equals).count();
  }

  public String userDataOf(String name) {
    return userData.get(name);
  }

  @Override
  public Uni<Created> create(DropletRequest request) {
    if (hanging.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      created.add(request.name());
      return Uni.createFrom().nothing();
    }
    return Uni.createFrom()
        .item(
            () -> {
              created.add(request.name());
              if (!CATALOG.regions().stream()
                  .map(Region::slug)
                  .toList()
                  .contains(request.region())) {
                return new Created.Refused(
                    "region_unavailable", "Region is not available", "Choose another region.");
              }
              var answer = answers.poll();
              return answer != null ? answer.apply(request) : new Created.Accepted(add(request));
            });
  }

  @Override
  public Uni<Listed> list(String tag, Priority priority) {
    asksSinceList.set(0);
    return Uni.createFrom()
        .item(
            () ->
                watchingIsHeld && priority == Priority.WATCH
                    ? new Listed.Unavailable(Duration.ofSeconds(5), "kept for creating")
                    : new Listed.Droplets(live(tag)));
  }

  @Override
  public Uni<Deleted> delete(long dropletId) {
    return Uni.createFrom()
        .item(
            () ->
                droplets.remove(dropletId) == null ? new Deleted.Absent() : new Deleted.Accepted());
  }

  @Override
  public Uni<Known> isKnown(long dropletId) {
    asked.merge(dropletId, 1, Integer::sum);
    mostAsks.accumulateAndGet(asksSinceList.incrementAndGet(), Math::max);
    return Uni.createFrom().item(() -> droplets.containsKey(dropletId) ? Known.YES : Known.NO);
  }

  @Override
  public Uni<Tagged> tag(long dropletId, String tag) {
    return retagged(dropletId, tags -> tags.add(tag));
  }

  @Override
  public Uni<Tagged> untag(long dropletId, String tag) {
    return retagged(dropletId, tags -> tags.remove(tag));
  }

  private Uni<Tagged> retagged(long dropletId, Consumer<Set<String>> change) {
    return Uni.createFrom()
        .item(
            () -> {
              var found =
                  droplets.computeIfPresent(
                      dropletId,
                      (id, d) -> {
                        var tags = new HashSet<>(d.tags());
                        change.accept(tags);
                        return new Droplet(
                            id, d.name(), d.active(), d.ipv4(), Set.copyOf(tags), d.createdAt());
                      });
              return found == null ? new Tagged.Absent() : new Tagged.Done();
            });
  }

  @Override
  public Uni<Catalog> catalog() {
    return Uni.createFrom().item(CATALOG);
  }
}
