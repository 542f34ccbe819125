package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.ToolboxHealth.RemediationRequested;
import io.agentopia.toolbox.events.ToolboxRequest.ToolboxRequested;
import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.runtime.messaging.EventHandler;
import io.agentopia.toolbox.runtime.messaging.PermanentFailure;
import io.agentopia.toolbox.runtime.messaging.TransientFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What every service does alike: two instances on one database, in which state, inbox and outbox
 * change together or not at all; a relay that publishes what was committed; retry topics and dead
 * letters.
 */
abstract class Service {
  private static final long[] RETRY_DELAYS = {5_000, 30_000, 120_000, 600_000};

  final World world;
  final String name;
  private final Process[] instances;
  private final Map<Process, Map<String, EventHandler<?>>> handlers = new HashMap<>();
  private final Set<Long> inbox = new HashSet<>();
  private final Relay relay;
  private final List<Message> deadLetters = new ArrayList<>();
  private final List<Message> ever = new ArrayList<>();
  private int retrying;
  private Tx open;

  Service(World world, String name) {
    this.world = world;
    this.name = name;
    instances = new Process[] {new Process(world, name + "-1"), new Process(world, name + "-2")};
    relay = new Relay(world, this);
    for (var instance : instances) {
      instance.onStart(relay::wake);
      instance.onCrash(relay::crashed);
    }
  }

  /**
   * The service's own classes, made for one life of one instance: what they keep in memory ends
   * with it. To be called when everything they stand on is there.
   */
  final void live(Function<Process, List<EventHandler<?>>> making) {
    for (var instance : instances) {
      Runnable make =
          () ->
              handlers.put(
                  instance,
                  making.apply(instance).stream()
                      .collect(Collectors.toMap(EventHandler::topic, h -> h)));
      make.run();
      instance.onStart(make);
    }
    handlers.get(instances[0]).keySet().stream()
        .sorted()
        .forEach(topic -> world.bus.subscribe(this, topic));
  }

  /** The transaction that is under way. */
  final Tx open() {
    if (open == null) {
      throw new IllegalStateException(name + " writes outside a transaction");
    }
    return open;
  }

  final boolean isOpen() {
    return open != null;
  }

  final Process instance(int number) {
    return instances[number % instances.length];
  }

  /** One that lives, or null. */
  final Process anyInstance() {
    var first = instances[world.chance.below(instances.length)];
    if (first.isUp()) {
      return first;
    }
    for (var instance : instances) {
      if (instance.isUp()) {
        return instance;
      }
    }
    return null;
  }

  /** Changes that happen together. */
  final class Tx {
    private final List<Runnable> writes = new ArrayList<>(2);
    private final List<Message> messages = new ArrayList<>(2);
    private final List<Long> eventIds = new ArrayList<>(2);
    private final List<Runnable> undo = new ArrayList<>(2);

    void write(Runnable change) {
      writes.add(change);
    }

    /**
     * @param dropped when it comes to no commit
     */
    void write(Runnable change, Runnable dropped) {
      writes.add(change);
      undo.add(dropped);
    }

    void append(int toolbox, Event event) {
      messages.add(new Message(world.nextId(), Topics.of(event), toolbox, event, false));
    }

    /** A wish that was accepted and could not be fulfilled. */
    void giveUp(int toolbox, Event wish) {
      messages.add(new Message(world.nextId(), "dlt", toolbox, wish, false));
    }

    private boolean isNew(Message message) {
      if (inbox.contains(message.id) && !isTakenTwice(message)) {
        return false;
      }
      eventIds.add(message.id);
      return true;
    }

    private boolean isTakenTwice(Message message) {
      return world.mutant == Mutant.SKIP_INBOX
          || world.mutant == Mutant.NO_REMEDY_FENCE
              && message.event instanceof RemediationRequested;
    }

    private boolean isEmpty() {
      return writes.isEmpty() && messages.isEmpty() && eventIds.isEmpty();
    }

    private void commit() {
      inbox.addAll(eventIds);
      writes.forEach(Runnable::run);
      for (var message : messages) {
        message.committed = true;
        world.invariants.committed(name, message);
      }
      ever.addAll(messages);
      relay.take(messages);
    }
  }

  /** By the real handler of the instance whose turn it is. */
  void handle(Tx tx, Message message) {
    handle(handler(message), message);
  }

  private EventHandler<?> handler(Message message) {
    return handlers.getOrDefault(world.running, Map.of()).get(Topics.of(message.event));
  }

  private static <E extends Event> void handle(EventHandler<E> handler, Message message) {
    try {
      var envelope = message.envelope();
      Now.of(handler.handle(handler.own(envelope), envelope));
    } catch (PermanentFailure e) {
      throw new Refusal(true, e.code());
    } catch (TransientFailure e) {
      throw new Refusal(false, e.code());
    }
  }

  /** As the handlers say it: what is of no use is not even noted in the inbox. */
  boolean isOfUse(Message message) {
    var handler = handler(message);
    return handler == null || handler.isOfUse(message.event.getClass());
  }

  /** The process may die before the commit, and right after it. */
  final void transact(Process process, Consumer<Tx> body) {
    if (open != null) {
      throw new IllegalStateException(name + " begins a transaction within another");
    }
    var tx = new Tx();
    open = tx;
    try {
      commit(process, tx, body);
    } finally {
      tx.undo.forEach(Runnable::run); // nothing is left of it after a commit
      open = null;
    }
    if (!tx.isEmpty()) {
      process.mayCrash(0.25);
    }
  }

  private void commit(Process process, Tx tx, Consumer<Tx> body) {
    body.accept(tx);
    if (tx.isEmpty()) {
      return;
    }
    if (world.mutant == Mutant.PUBLISH_BEFORE_COMMIT) {
      tx.messages.stream().filter(m -> !m.topic.equals("dlt")).forEach(world.bus::publish);
    }
    process.mayCrash(0.25);
    tx.commit();
    if (!tx.messages.isEmpty()) {
      relay.wake();
    }
  }

  /**
   * The records of one poll, of one toolbox each: handled together, and where one of them cannot
   * be, each by itself.
   */
  final void receive(Process process, List<Message> batch) {
    var useful = batch.stream().filter(this::isOfUse).toList();
    if (useful.size() > 1) {
      try {
        transact(process, tx -> useful.forEach(message -> take(tx, message)));
        return;
      } catch (Refusal refusal) {
        if (world.mutant == Mutant.BATCH_FAILS_TOGETHER) {
          useful.forEach(message -> setAside(message, 1, refusal));
          return;
        }
      }
    }
    useful.forEach(message -> receive(process, message, 1));
  }

  /** Ends with the record handled, or standing somewhere else: a partition is never blocked. */
  private void receive(Process process, Message message, int attempt) {
    try {
      transact(process, tx -> take(tx, message));
    } catch (Refusal refusal) {
      setAside(message, attempt, refusal);
    }
  }

  private void take(Tx tx, Message message) {
    if (!tx.isNew(message)) {
      return;
    }
    world.trace(message.toolbox, () -> name + " takes " + message);
    try {
      if (message.isPoison) {
        throw new Refusal(true, "poison");
      }
      if (world.chance.fault(0.7)) {
        throw new Refusal(false, "database_away");
      }
      handle(tx, message);
    } catch (Refusal refusal) {
      throw refusal.of(message);
    }
  }

  private void setAside(Message message, int attempt, Refusal refusal) {
    world.invariants.setAside(name, message, refusal);
    world.trace(
        message.toolbox,
        () -> name + " cannot take " + message + ", attempt " + attempt + ": " + refusal);
    if (refusal.isForGood() || attempt > RETRY_DELAYS.length) {
      deadLetters.add(message);
      return;
    }
    retrying++;
    world.agenda.in(RETRY_DELAYS[attempt - 1], () -> retry(message, attempt + 1));
  }

  private void retry(Message message, int attempt) {
    var process = anyInstance();
    if (process == null) {
      world.agenda.in(2_000, () -> retry(message, attempt));
      return;
    }
    var isDone = new boolean[1];
    process.run(
        () -> {
          receive(process, message, attempt);
          isDone[0] = true;
        });
    if (isDone[0]) {
      retrying--;
    } else {
      world.agenda.in(2_000, () -> retry(message, attempt));
    }
  }

  /**
   * An operator puts them on the replay topic, byte for byte; some creations stay given up, so that
   * what they leave behind can be looked at.
   */
  final void replayDeadLetters() {
    relay.replayRefused();
    var letters = List.copyOf(deadLetters);
    deadLetters.clear();
    for (var letter : letters) {
      letter.isPoison = false;
      var isGivenUp = letter.event instanceof ToolboxRequested && letter.event.generation() > 0;
      if (isGivenUp && world.chance.percent(40)) {
        continue;
      }
      retrying++;
      world.invariants.replayed(letter);
      world.agenda.in(world.chance.between(10, 2_000), () -> retry(letter, 1));
    }
  }

  /** A wish that was accepted and could not be fulfilled. */
  final void letter(Message message) {
    if (message.published++ == 0) {
      deadLetters.add(message);
    }
  }

  final boolean isIdle() {
    return relay.isIdle() && retrying == 0;
  }

  final List<Message> deadLetters() {
    return deadLetters;
  }

  final void checkEverythingWasPublished() {
    for (var message : ever) {
      if (message.published == 0) {
        throw new Violation(
            message.toolbox, name + " committed " + message + " and never published it");
      }
    }
  }
}
