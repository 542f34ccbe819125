package io.agentopia.toolbox.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;

/**
 * A service's outbox, and its way to the bus. What the broker refuses for good stands aside until
 * operators replay it; the later ones of its toolbox wait some time for that, and nobody else's do.
 */
final class Relay {
  private static final long WAITS_FOR_REPLAY = 600_000;

  private final World world;
  private final Service service;
  private final List<Message> outbox = new ArrayList<>();
  private final List<Message> refused = new ArrayList<>();
  private final long[] waitsUntil = new long[World.TOOLBOXES];
  private boolean due;

  /** Refused, and at the head for ever; by one mutant only. */
  private Message stuck;

  Relay(World world, Service service) {
    this.world = world;
    this.service = service;
  }

  /** What was committed. */
  void take(List<Message> messages) {
    outbox.addAll(messages);
  }

  void wake() {
    if (!due && !outbox.isEmpty()) {
      due = true;
      world.agenda.in(
          world.chance.fault(2) ? world.chance.between(500, 20_000) : world.chance.between(1, 30),
          this::look);
    }
  }

  void crashed() {
    if (world.mutant == Mutant.FORGET_OUTBOX) {
      outbox.clear();
    }
  }

  /** Operators have seen to it: each goes from its old place. */
  void replayRefused() {
    refused.forEach(message -> waitsUntil[message.toolbox] = 0);
    outbox.addAll(refused);
    refused.clear();
    outbox.sort(Comparator.comparingLong(message -> message.id));
    wake();
  }

  boolean isIdle() {
    return outbox.isEmpty() && refused.isEmpty();
  }

  /** Marks after publishing: a crash in between publishes twice. */
  private void look() {
    due = false;
    var leader = service.anyInstance();
    if (leader == null) {
      return; // woken by the next start
    }
    leader.run(
        () -> {
          var done = new HashSet<Message>();
          for (var message : List.copyOf(outbox)) {
            if (mayGo(message) && send(message)) {
              done.add(message);
            }
            leader.mayCrash(0.15);
          }
          outbox.removeAll(done);
        });
    if (!outbox.isEmpty()) {
      world.agenda.in(1_000, this::wake);
    }
  }

  private boolean mayGo(Message message) {
    return stuck == null
        ? message.topic.equals("dlt") || waitsUntil[message.toolbox] <= world.agenda.now()
        : message == stuck;
  }

  /**
   * @return whether there is nothing more to be done about it
   */
  private boolean send(Message message) {
    if (message.topic.equals("dlt")) {
      service.letter(message);
    } else if (message == stuck || world.chance.fault(0.1)) {
      return standsAside(message);
    } else {
      world.bus.publish(message);
    }
    return true;
  }

  private boolean standsAside(Message message) {
    world.trace(message.toolbox, () -> "the broker refuses " + message + " of " + service.name);
    if (world.mutant == Mutant.REFUSED_HOLDS_UP) {
      stuck = message;
      return false;
    }
    if (world.mutant != Mutant.REFUSED_IS_FORGOTTEN) {
      outbox.remove(message);
      refused.add(message);
      waitsUntil[message.toolbox] = world.agenda.now() + WAITS_FOR_REPLAY;
    }
    return true;
  }
}
