package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolRequest;
import io.agentopia.toolbox.events.ToolSpec;
import io.agentopia.toolbox.events.ToolboxRequest;
import io.agentopia.toolbox.events.Topics;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What accounts ask for, and when; drawn once, when the world begins. */
final class Users {
  private static final int ACCOUNTS = 6;
  private static final int MOST_TOOLS = 3;

  private final World world;
  private final boolean[] deleted;
  private final int[] tools;

  Users(World world, int toolboxes) {
    this.world = world;
    deleted = new boolean[toolboxes];
    tools = new int[toolboxes];
    for (var i = 0; i < toolboxes; i++) {
      live(i);
    }
  }

  static String account(UUID toolbox) {
    return "account-" + World.index(toolbox) % ACCOUNTS;
  }

  /** Whether its deletion was asked for. */
  boolean hasDeleted(int toolbox) {
    return deleted[toolbox];
  }

  int tools(int toolbox) {
    return tools[toolbox];
  }

  static UUID toolId(int toolbox, int tool) {
    return new UUID(0x7000L + toolbox, 0x10L + tool);
  }

  private void live(int i) {
    var id = World.id(i);
    var begin = world.chance.between(0, 240_000);
    send(
        begin,
        i,
        new ToolboxRequest.ToolboxRequested(
            new Subject(id, account(id), 0, 0), "box-" + i, "nyc3", "s-1vcpu-1gb"));
    tools[i] = world.chance.below(MOST_TOOLS + 1);
    for (var tool = 0; tool < tools[i]; tool++) {
      use(i, id, toolId(i, tool), "tool-" + tool, begin + world.chance.between(0, 420_000));
    }
    if (world.chance.percent(25)) {
      recreate(begin + world.chance.between(1_000, 600_000), i);
    }
    if (world.chance.percent(60)) {
      deleted[i] = true;
      var when = begin + world.chance.between(100, 840_000);
      var times = world.chance.percent(10) ? 2 : 1;
      for (var n = 0; n < times; n++) {
        send(
            when + n * 3_000L,
            i,
            new ToolboxRequest.ToolboxDeletionRequested(
                new Subject(id, account(id), 0, 0), false, "not needed"));
      }
    }
  }

  void recreate(long when, int i) {
    world.invariants.recreationWished(i);
    send(
        when,
        i,
        new ToolboxRequest.ToolboxRecreationRequested(
            new Subject(World.id(i), account(World.id(i)), 0, 0), "wished"));
  }

  private void use(int i, UUID id, UUID tool, String name, long begin) {
    send(begin, i, deploy(id, tool, name, spec(0)));
    var when = begin;
    for (var n = world.chance.below(4); n > 0; n--) {
      when += world.chance.between(500, 240_000);
      send(
          when,
          i,
          switch (world.chance.below(5)) {
            case 0 -> new ToolRequest.ToolStopRequested(new Subject(id, account(id), 0, 0), tool);
            case 1 -> new ToolRequest.ToolStartRequested(new Subject(id, account(id), 0, 0), tool);
            case 2 ->
                new ToolRequest.ToolRestartRequested(new Subject(id, account(id), 0, 0), tool);
            case 3 -> deploy(id, tool, name, spec(n));
            default ->
                new ToolRequest.ToolRemovalRequested(new Subject(id, account(id), 0, 0), tool);
          });
    }
  }

  private static Event deploy(UUID id, UUID tool, String name, ToolSpec spec) {
    return new ToolRequest.ToolDeployRequested(
        new Subject(id, account(id), 0, 0), tool, name, spec);
  }

  private ToolSpec spec(int version) {
    var image = world.chance.percent(4) ? Docker.NO_SUCH_IMAGE : "debian:" + version;
    return new ToolSpec(image, List.of(), Map.of(), List.of(), 64, 0.5, false);
  }

  private void send(long when, int i, Event event) {
    world.agenda.at(
        when,
        () -> {
          world.trace(i, () -> "user asks " + event);
          world.bus.publish(new Message(world.nextId(), Topics.of(event), i, event, true));
        });
  }
}
