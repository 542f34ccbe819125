package io.agentopia.toolbox.bench.load;

import io.agentopia.toolbox.bench.subject.Stage;
import io.agentopia.toolbox.local.Components;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Requests of toolboxes with a tool each, at a rate that does not ask how the product gets on: an
 * open loop. Times count from when a request was due, so a product that makes requesters wait pays
 * for it. The tool is asked for as soon as its toolbox is seen to be active.
 */
public final class Requests {
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);
  private static final Duration REPEAT_AFTER = Duration.ofMillis(250);

  /**
   * No answer, or one of a server that failed: a client with an idempotency key repeats the
   * request. Earlier revisions answered 500 when no connection to the database came free.
   */
  private static final Set<Integer> PASSING = Set.of(0, 500, 502, 503, 504);

  private final Stage stage;
  private final Api api;
  private final boolean withTools;
  private final ConcurrentMap<UUID, Long> due = new ConcurrentHashMap<>();
  private final Map<UUID, Long> activeAt = new HashMap<>();
  private final Map<UUID, Long> runningAt = new HashMap<>();
  private final List<Double> accepted = Collections.synchronizedList(new ArrayList<>());
  private final ConcurrentMap<Integer, Integer> refused = new ConcurrentHashMap<>();
  private final AtomicInteger repeated = new AtomicInteger();
  private int looks;
  private long began;
  private long ended;
  private volatile long deadline;

  /**
   * @param withTools whether a tool is asked for; else an active toolbox is done
   */
  public Requests(Stage stage, boolean withTools) {
    this.stage = stage;
    this.withTools = withTools;
    this.api = new Api(stage.stack().url(Components.GATEWAY));
  }

  /**
   * Makes {@code count} requests and waits until all that were accepted are done.
   *
   * @param perSecond requests
   * @param patience for the whole; what is not done by then is counted as undone
   */
  public Requests run(int count, double perSecond, Duration patience) throws InterruptedException {
    began = System.nanoTime();
    deadline = began + patience.toNanos();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        var clock = Executors.newSingleThreadScheduledExecutor();
        var view = new ReadModel(stage.connect("gateway"))) {
      schedule(count, perSecond, clock, threads);
      do {
        observe(view.look(), threads);
        Thread.sleep(LOOK_EVERY);
      } while (done() + refusals() < count && System.nanoTime() < deadline);
      looks = view.looks();
    } catch (SQLException e) {
      throw new IllegalStateException("the gateway's read model cannot be read", e);
    }
    ended = System.nanoTime();
    return this;
  }

  private void schedule(
      int count, double perSecond, ScheduledExecutorService clock, Executor threads) {
    for (var number = 0; number < count; number++) {
      var after = (long) (number * 1e9 / perSecond);
      clock.schedule(
          () -> threads.execute(() -> request(began + after)), after, TimeUnit.NANOSECONDS);
    }
  }

  private void request(long dueAt) {
    try {
      var name = "bench-" + UUID.randomUUID();
      var wish = Map.of("name", name, "region", "nyc3", "size", "s-1vcpu-1gb");
      var answer = posted("/v1/toolboxes", wish);
      if (answer.isOk()) {
        accepted.add(millis(System.nanoTime() - dueAt));
        due.put(UUID.fromString(answer.body().path("id").asText()), dueAt);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void observe(ReadModel.Seen seen, Executor threads) {
    var now = System.nanoTime();
    for (var id : mine(seen.active())) {
      if (activeAt.putIfAbsent(id, now) == null && withTools) {
        threads.execute(() -> deploy(id));
      }
    }
    mine(seen.running()).forEach(id -> runningAt.putIfAbsent(id, now));
  }

  private List<UUID> mine(Set<UUID> all) {
    return all.stream().filter(due::containsKey).toList();
  }

  private void deploy(UUID toolbox) {
    try {
      var wish =
          Map.of(
              "name", "bench",
              "image", "debian:bookworm-slim",
              "command", List.of("sleep", "infinity"));
      var path = "/v1/toolboxes/" + toolbox + "/tools";
      posted(path, wish);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Api.Answer posted(String path, Map<String, ?> wish) throws InterruptedException {
    var key = UUID.randomUUID().toString();
    var answer = api.post(path, stage.stack().apiKey(), key, wish);
    while (PASSING.contains(answer.status()) && System.nanoTime() < deadline) {
      repeated.incrementAndGet();
      Thread.sleep(REPEAT_AFTER);
      answer = api.post(path, stage.stack().apiKey(), key, wish);
    }
    if (!answer.isOk()) {
      refused.merge(answer.status(), 1, Integer::sum);
    }
    return answer;
  }

  private int refusals() {
    return refused.values().stream().mapToInt(Integer::intValue).sum();
  }

  public int done() {
    return (withTools ? runningAt : activeAt).size();
  }

  /** Requests of either kind that were given up, by the last answer's status; 0: none came. */
  public Map<Integer, Integer> refused() {
    return Map.copyOf(refused);
  }

  /** How often a request had to be made again; the time that took counts. */
  public int repeated() {
    return repeated.get();
  }

  public double seconds() {
    return (ended - began) / 1e9;
  }

  /** Looks into the read model: transactions that are the measurement's own. */
  public int looks() {
    return looks;
  }

  /** From when each request was due until it was accepted, milliseconds. */
  public List<Double> untilAccepted() {
    return List.copyOf(accepted);
  }

  public List<Double> untilActive() {
    return since(activeAt);
  }

  public List<Double> untilRunning() {
    return since(runningAt);
  }

  private List<Double> since(Map<UUID, Long> at) {
    return at.entrySet().stream().map(e -> millis(e.getValue() - due.get(e.getKey()))).toList();
  }

  private static double millis(long nanos) {
    return nanos / 1e6;
  }
}
