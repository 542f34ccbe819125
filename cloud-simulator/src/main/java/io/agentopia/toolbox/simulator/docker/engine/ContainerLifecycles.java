package io.agentopia.toolbox.simulator.docker.engine;

import io.agentopia.toolbox.simulator.docker.engine.Container.Endpoint;
import io.agentopia.toolbox.simulator.docker.engine.Container.LogLine;
import io.agentopia.toolbox.simulator.docker.engine.Container.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How containers start and end. */
final class ContainerLifecycles {
  static final int KILLED = 137;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final Duration SOUND = Duration.ofSeconds(10);
  private static final int LINES_KEPT = 2000;

  private final Store store;
  private final EventLog events;
  private final Waiters waiters;
  private int nextPid = 1000;

  ContainerLifecycles(Store store, EventLog events, Waiters waiters) {
    this.store = store;
    this.events = events;
    this.waiters = waiters;
  }

  void start(Container container, Instant now) {
    try {
      join(container);
      container.ports = Ports.publish(container, store.containers);
    } catch (EngineRefusal refusal) {
      container.networks.replaceAll((n, e) -> new Endpoint(e.networkId(), "", 0, e.aliases()));
      container.error = refusal.getMessage();
      container.exitCode = 128;
      throw refusal;
    }
    var program = container.program();
    container.status = Status.RUNNING;
    container.pid = nextPid++;
    container.error = "";
    container.exitCode = 0;
    container.startedAt = now;
    container.endsAt = program.length() == null ? null : now.plus(program.length());
    container.endsWith = program.exitCode();
    container.killAt = null;
    container.restartAt = null;
    container.stopping = false;
    container.stoppedByHand = false;
    container.cutOff = false;
    program
        .output()
        .forEach(o -> container.log.add(new LogLine(now.plus(o.at()), o.stderr(), o.line())));
    if (container.log.size() > LINES_KEPT) {
      container.log.subList(0, container.log.size() - LINES_KEPT).clear();
    }
    container.networks.keySet().forEach(n -> event(container, n, "connect", now));
    events.container(container, "start", now);
  }

  private void join(Container container) {
    for (var name : List.copyOf(container.networks.keySet())) {
      var network = store.network(name);
      var old = container.networks.get(name);
      container.networks.put(name, endpoint(network, old));
    }
  }

  /** A network joined while it runs. */
  void readdress(Container container) {
    for (var name : List.copyOf(container.networks.keySet())) {
      var endpoint = container.networks.get(name);
      if (endpoint.address().isEmpty()) {
        container.networks.put(name, endpoint(store.network(name), endpoint));
      }
    }
  }

  private Endpoint endpoint(Network network, Endpoint old) {
    if (network.subnet() == 0) {
      return new Endpoint(network.id(), "", 0, old.aliases());
    }
    var taken = store.in(network).stream().map(c -> c.networks.get(network.name()).host()).toList();
    var host = 2;
    while (taken.contains(host)) {
      host++;
    }
    var address = "172." + network.subnet() + "." + (host >> 8) + "." + (host & 0xff);
    return new Endpoint(network.id(), address, host, old.aliases());
  }

  private void event(Container container, String network, String action, Instant now) {
    events.network(store.network(network), action, now, "container", container.id);
  }

  /** Asks the container to end; it may take until {@code patience} is over. */
  void stop(Container container, Duration patience, Instant now) {
    container.stoppedByHand = true;
    container.stopping = true;
    if (container.status == Status.RESTARTING) {
      settle(container, now);
      return;
    }
    events.container(container, "kill", now, "signal", "15");
    if (container.program().heedsSignals()) {
      exit(container, container.endedBySignal(15), now);
    } else if (patience.isZero()) {
      exit(container, KILLED, now);
    } else {
      container.killAt = now.plus(patience);
    }
  }

  private void kill(Container container, Instant now) {
    events.container(container, "kill", now, "signal", "9");
    exit(container, KILLED, now);
  }

  private void exit(Container container, int code, Instant at) {
    var soon = Duration.between(container.startedAt, at).compareTo(SOUND) < 0;
    container.failuresInRow = soon ? container.failuresInRow + 1 : 1;
    container.pid = 0;
    container.exitCode = code;
    container.finishedAt = at;
    container.ports = new TreeMap<>(Map.of());
    container.log.removeIf(l -> l.at().isAfter(at));
    container.networks.keySet().forEach(n -> event(container, n, "disconnect", at));
    container.networks.replaceAll((n, e) -> new Endpoint(e.networkId(), "", 0, e.aliases()));
    events.container(container, "die", at, "exitCode", Integer.toString(code));
    if (container.restartsAfter(code)) {
      container.status = Status.RESTARTING;
      container.restartAt = at.plus(pause(container.failuresInRow));
    } else {
      settle(container, at);
    }
  }

  private void settle(Container container, Instant at) {
    container.status = Status.EXITED;
    container.killAt = null;
    container.restartAt = null;
    if (container.stopping) {
      container.stopping = false;
      events.container(container, "stop", at);
    }
    waiters.stopped(container.id, container.exitCode);
    if (container.hostConfig.path("AutoRemove").asBoolean()) {
      remove(container, at);
    }
  }

  void remove(Container container, Instant now) {
    if (container.isUp()) {
      container.stoppedByHand = true;
      kill(container, now);
    }
    // With AutoRemove the end was the removal already.
    if (store.containers.remove(container)) {
      events.container(container, "destroy", now);
      waiters.stopped(container.id, container.exitCode);
    }
  }

  private static Duration pause(int failures) {
    var doublings = Math.min(failures - 1, 10);
    var pause = FIRST_PAUSE.multipliedBy(1L << doublings);
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }

  /** Whether something has become due by now, and happened. */
  boolean tick(Instant now) {
    var happened = false;
    for (var container : List.copyOf(store.containers)) {
      if (container.status == Status.RUNNING && isDue(container.endsAt, now)) {
        exit(container, container.endsWith, container.endsAt);
        happened = true;
      }
      if (container.status == Status.RUNNING && isDue(container.killAt, now)) {
        kill(container, now);
        happened = true;
      }
      if (container.status == Status.RESTARTING && isDue(container.restartAt, now)) {
        restart(container, now);
        happened = true;
      }
    }
    return happened;
  }

  private void restart(Container container, Instant now) {
    container.restartCount++;
    try {
      start(container, now);
    } catch (EngineRefusal refusal) {
      settle(container, now);
    }
  }

  private static boolean isDue(Instant at, Instant now) {
    return at != null && !now.isBefore(at);
  }

  /** The power goes: everything ends at once, and remembers that it ran. */
  void powerOff(Instant now) {
    for (var container : store.containers) {
      if (container.isRunningOrRestarting()) {
        container.status = Status.EXITED;
        container.cutOff = true;
        container.pid = 0;
        container.exitCode = container.exitCode == 0 ? KILLED : container.exitCode;
        container.finishedAt = now;
        container.killAt = null;
        container.restartAt = null;
        container.ports = new TreeMap<>(Map.of());
        container.log.removeIf(l -> l.at().isAfter(now));
      }
      // Docker starts these with the machine even when somebody had stopped them.
      container.cutOff |= container.restartPolicy().equals("always");
    }
    waiters.abandon();
  }

  /** What its restart policy brings back after a power cut. */
  void powerOn(Instant now) {
    for (var container : List.copyOf(store.containers)) {
      var policy = container.restartPolicy();
      var comesBack =
          container.cutOff
              && !policy.equals("no")
              && (policy.equals("always") || !container.stoppedByHand);
      if (container.status == Status.EXITED && comesBack) {
        restart(container, now);
      }
    }
  }
}
