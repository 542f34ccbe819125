package io.agentopia.toolbox.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * Kafka, as far as correctness goes: partitions by key, order within one, at least once. A consumer
 * that dies reads again from the offset it committed last.
 */
final class Bus {
  private static final int PARTITIONS = 4;
  private static final int MOST_AT_ONCE = 5;

  private final World world;
  private final Map<String, Topic> topics = new HashMap<>();
  private final List<Cursor> cursors = new ArrayList<>();
  private final List<Message> uncommitted = new ArrayList<>();

  Bus(World world) {
    this.world = world;
  }

  private final class Topic {
    final List<List<Message>> partitions = new ArrayList<>();
    final List<Cursor> readers = new ArrayList<>();

    Topic() {
      for (var i = 0; i < PARTITIONS; i++) {
        partitions.add(new ArrayList<>());
      }
    }
  }

  /** One service's place in one partition. */
  private final class Cursor {
    final Service reader;
    final Process owner;
    final int partition;
    final List<Message> log;
    int position;
    int committed;
    boolean busy;

    Cursor(Service reader, Topic topic, int partition) {
      this.reader = reader;
      this.partition = partition;
      this.owner = reader.instance(partition);
      this.log = topic.partitions.get(partition);
      owner.onCrash(this::back);
      owner.onStart(this::pump);
    }

    void back() {
      position = committed;
      busy = false;
    }

    void pump() {
      if (busy || !owner.isUp() || position >= log.size()) {
        return;
      }
      busy = true;
      var delay =
          world.chance.fault(1) ? world.chance.between(1_000, 15_000) : world.chance.between(2, 60);
      owner.in(delay, this::take);
    }

    private void take() {
      var batch = next();
      reader.receive(owner, batch);
      position += batch.size();
      if (position == log.size() || world.chance.percent(30)) {
        owner.mayCrash(0.05);
        committed = position;
      }
      busy = false;
      pump();
    }

    /** One poll: of each toolbox one record at most. */
    private List<Message> next() {
      var most = Math.min(log.size() - position, 1 + world.chance.below(MOST_AT_ONCE));
      var batch = new ArrayList<Message>(most);
      var toolboxes = new HashSet<Integer>();
      while (batch.size() < most && toolboxes.add(log.get(position + batch.size()).toolbox)) {
        batch.add(log.get(position + batch.size()));
      }
      return batch;
    }
  }

  void subscribe(Service reader, String name) {
    var topic = topics.computeIfAbsent(name, n -> new Topic());
    for (var partition = 0; partition < PARTITIONS; partition++) {
      var cursor = new Cursor(reader, topic, partition);
      topic.readers.add(cursor);
      cursors.add(cursor);
    }
  }

  /** Now and then twice: at once, or long after; and now and then nobody can read it. */
  void publish(Message message) {
    message.isPoison = message.published == 0 && world.chance.fault(0.1);
    append(message);
    if (world.chance.fault(10)) {
      if (world.chance.percent(50)) {
        append(message);
      } else {
        world.agenda.in(world.chance.between(10, 40_000), () -> append(message));
      }
    }
  }

  private void append(Message message) {
    message.published++;
    if (!message.committed) {
      uncommitted.add(message);
    }
    var topic = topics.get(message.topic);
    if (topic == null) {
      return; // nobody here reads it
    }
    var partition = message.toolbox % PARTITIONS;
    topic.partitions.get(partition).add(message);
    for (var reader : topic.readers) {
      if (reader.partition == partition) {
        reader.pump();
      }
    }
  }

  boolean isEmpty() {
    for (var cursor : cursors) {
      if (cursor.position < cursor.log.size()) {
        return false;
      }
    }
    return true;
  }

  void checkNothingUncommittedWasPublished() {
    for (var message : uncommitted) {
      if (!message.committed) {
        throw new Violation(
            message.toolbox, message + " was published, but what it tells was never committed");
      }
    }
  }
}
