package io.agentopia.toolbox.simulator.fleet;

import io.agentopia.toolbox.simulator.account.Account;
import io.agentopia.toolbox.simulator.droplet.Droplet;
import io.agentopia.toolbox.simulator.droplet.Effect;
import io.agentopia.toolbox.simulator.droplet.Fact;
import io.agentopia.toolbox.simulator.droplet.Lifecycle;
import io.agentopia.toolbox.simulator.droplet.Outcome;
import io.agentopia.toolbox.simulator.droplet.Spec;
import io.agentopia.toolbox.simulator.store.LedgerFiles;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * All droplets and the rest of the account. One lock: a change is decided, written down, and then
 * handed to the machines, in that order. So after a crash the ledger is never behind what clients
 * were told.
 */
public final class Fleet {
  private static final Logger LOG = Logger.getLogger(Fleet.class);
  private static final Duration ADDRESS_RETRY = Duration.ofSeconds(5);

  private final ReentrantLock lock = new ReentrantLock();
  private final TreeMap<Long, Droplet> droplets = new TreeMap<>();
  private final LedgerFiles files;
  private final Machines machines;
  private final FaultPlan faultPlan;
  private final Addresses addresses;
  private final Clock clock;
  private Account account;
  private Instant nextAddressTry = Instant.MIN;

  public Fleet(
      LedgerFiles files, Machines machines, FaultPlan faultPlan, Addresses addresses, Clock clock) {
    this.files = files;
    this.machines = machines;
    this.faultPlan = faultPlan;
    this.addresses = addresses;
    this.clock = clock;
    this.account = files.account();
    files.droplets().forEach(d -> droplets.put(d.id(), d));
    // A droplet is written before the account: the ledger itself knows the highest number too.
    var highest = droplets.values().stream().mapToLong(Fleet::highestId).max().orElse(0);
    account = account.withLastId(Math.max(account.lastId(), highest));
  }

  private static long highestId(Droplet droplet) {
    return droplet.actions().stream().mapToLong(a -> a.id()).max().orElse(droplet.id());
  }

  public void resume() {
    machines.resume(List.copyOf(droplets.values()));
  }

  /** Living droplets, oldest first. */
  public List<Droplet> living() {
    return locked(() -> droplets.values().stream().filter(d -> !d.isGone()).toList());
  }

  /** Every droplet there ever was. */
  public List<Droplet> ever() {
    return locked(() -> List.copyOf(droplets.values()));
  }

  public Optional<Droplet> find(long id) {
    return locked(() -> Optional.ofNullable(droplets.get(id)).filter(d -> !d.isGone()));
  }

  public Account account() {
    return locked(() -> account);
  }

  public void changeAccount(UnaryOperator<Account> change) {
    locked(
        () -> {
          store(change.apply(account));
          return null;
        });
  }

  /** A number that was never given before; it is written down with what gets it. */
  public long nextId() {
    return locked(
        () -> {
          account = account.withLastId(account.lastId() + 1);
          return account.lastId();
        });
  }

  /**
   * @param specs alike but for the name
   * @return empty when the account would have more droplets than it may
   */
  public Optional<List<Droplet>> create(List<Spec> specs, List<String> tags, int limit) {
    return locked(
        () -> {
          var living = droplets.values().stream().filter(d -> !d.isGone()).count();
          if (living + specs.size() > limit) {
            return Optional.empty();
          }
          ensureTags(tags);
          var canonical = tags.stream().map(account::canonical).distinct().toList();
          var made = specs.stream().map(s -> createOne(s, canonical)).toList();
          store(account);
          return Optional.of(made);
        });
  }

  private Droplet createOne(Spec spec, List<String> tags) {
    var now = clock.instant();
    var id = nextId();
    var birth = faultPlan.of(id, spec, tags, now);
    var droplet = Droplet.create(id, nextId(), spec, tags, birth, now);
    store(droplet);
    LOG.infof("droplet accepted: dropletId=%d, name=%s", id, spec.name());
    return droplet;
  }

  private void ensureTags(Collection<String> tags) {
    var all = new ArrayList<>(account.tags());
    tags.stream().filter(t -> all.stream().noneMatch(t::equalsIgnoreCase)).forEach(all::add);
    account = account.withTags(all);
  }

  /** Applies the fact; a refusal comes back as a value. Unknown and gone droplets are unchanged. */
  public Outcome tell(long id, Fact fact) {
    return locked(() -> apply(droplets.get(id), fact));
  }

  public void tick() {
    locked(
        () -> {
          var waiting = droplets.values().stream().filter(d -> !d.isGone()).toList();
          waiting.forEach(d -> apply(d, new Fact.TimePassed()));
          return null;
        });
  }

  private Outcome apply(Droplet droplet, Fact fact) {
    if (droplet == null) {
      return new Outcome.Unchanged();
    }
    var outcome = Lifecycle.apply(droplet, fact, clock.instant());
    if (outcome instanceof Outcome.Changed(var changed, var effects)) {
      if (!changed.equals(droplet)) {
        store(changed);
      }
      effects.forEach(e -> carryOut(changed, e));
    }
    return outcome;
  }

  private void carryOut(Droplet droplet, Effect effect) {
    switch (effect) {
      case Effect.FindAddress() -> findAddress(droplet);
      case Effect.PowerUp() -> machines.powerUp(droplet);
      case Effect.PowerDown(var graceful) -> machines.powerDown(droplet, graceful);
      case Effect.Destroy() -> machines.destroy(droplet);
    }
  }

  private void findAddress(Droplet droplet) {
    if (clock.instant().isBefore(nextAddressTry)) {
      return;
    }
    var taken =
        droplets.values().stream()
            .filter(d -> !d.isGone() && d.address() != null)
            .map(Droplet::address)
            .collect(Collectors.toSet());
    var found = addresses.take(taken);
    if (found.isEmpty()) {
      nextAddressTry = clock.instant().plus(ADDRESS_RETRY);
      LOG.errorf(
          "no address for a droplet: dropletId=%d, ports=%d and %d of 127.77.0.0/16; end the program"
              + " that listens there on all addresses, or set simulator.addresses=shared",
          droplet.id(), Addresses.AGENT_PORT, Addresses.DOCKER_PORT);
      return;
    }
    apply(droplet, new Fact.AddressFound(found.get()));
  }

  private void store(Droplet droplet) {
    files.save(droplet);
    droplets.put(droplet.id(), droplet);
  }

  private void store(Account changed) {
    files.save(changed);
    account = changed;
  }

  private <T> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }
}
