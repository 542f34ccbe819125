package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.ToolboxHealth.AgentUpgradeRequested;
import io.agentopia.toolbox.events.Topics;
import java.util.List;

/**
 * The images of the agent that there are, and which one the gateway has been told that whom shall
 * run from.
 */
final class AgentImages extends Service {
  /** What becomes of an agent that shall run from it. */
  enum Kind {
    SOUND,
    /** It runs, and reaches nobody. */
    MUTE,
    /** It ends as soon as it is started. */
    ENDS,
    /** No registry has it. */
    MISSING
  }

  record Image(String version, String reference, Kind kind) {
    static Image of(int number, Kind kind) {
      return new Image(
          "0." + number + ".0",
          "docker.io/agentopia/dtma@sha256:" + ("0" + number).repeat(32),
          kind);
    }

    boolean isSound() {
      return kind == Kind.SOUND;
    }

    @Override
    public String toString() {
      return version + " (" + kind + ")";
    }
  }

  private static final List<Image> ALL =
      List.of(
          Image.of(1, Kind.SOUND),
          Image.of(2, Kind.SOUND),
          Image.of(3, Kind.MISSING),
          Image.of(4, Kind.MUTE),
          Image.of(5, Kind.ENDS));

  /** All but the one that droplets boot from. */
  static final int ROLLED_OUT = ALL.size() - 1;

  private final AgentUpgradeRequested[] wanted;

  AgentImages(World world, int toolboxes) {
    super(world, "gateway");
    wanted = new AgentUpgradeRequested[toolboxes];
    world.bus.subscribe(this, Topics.TOOLBOX_HEALTH);
  }

  static Image first() {
    return ALL.getFirst();
  }

  static Image ofRollouts(int number) {
    return ALL.get(1 + number);
  }

  static Image of(String reference) {
    return ALL.stream().filter(i -> i.reference().equals(reference)).findFirst().orElseThrow();
  }

  /** Whether it is one of the agent's. */
  static boolean isOne(String reference) {
    return ALL.stream().anyMatch(i -> i.reference().equals(reference));
  }

  @Override
  boolean isOfUse(Message message) {
    return message.event instanceof AgentUpgradeRequested;
  }

  /** As the gateway folds it: the latest word about the latest droplet. */
  @Override
  void handle(Tx tx, Message message) {
    Event event = message.event;
    var known = wanted[message.toolbox];
    var isNews =
        known == null
            || event.generation() > known.generation()
            || event.generation() == known.generation() && event.sequence() > known.sequence();
    if (isNews) {
      tx.write(() -> wanted[message.toolbox] = (AgentUpgradeRequested) event);
    }
  }

  /** What a heartbeat's answer names: null where nothing else is wanted of that droplet. */
  Image askedOf(int toolbox, long generation, Image runsFrom) {
    var known = wanted[toolbox];
    return known == null
            || known.generation() != generation
            || known.images().contains(runsFrom.reference())
        ? null
        : of(known.images().getFirst());
  }
}
