package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.agent.tools.ObservedContainer.State;
import io.agentopia.toolbox.deployer.tool.Desired;
import io.agentopia.toolbox.deployer.tool.ManifestMembership;
import io.agentopia.toolbox.deployer.tool.ToolInstance;
import io.agentopia.toolbox.events.ToolStatus;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.*;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** How every toolbox has to stand once nothing is under way and nothing goes wrong any more. */
final class AtRest {
  private final World world;

  AtRest(World world) {
    this.world = world;
  }

  /** What one toolbox still waits for, or null. */
  String whatIsOpen(int i) {
    var row = world.provisioner.row(i);
    if (row == null) {
      return "it was asked for and is not known";
    }
    var isEnded =
        switch (row.state()) {
          case Active s -> true;
          case Unresponsive s -> s.lost() && world.health.patients.hasGivenUp(i);
          case ErrorProvisioning s -> s.cleanup() == null;
          case Deprovisioned s -> s.leftover() == null;
          case PendingProvision s -> false;
          case Creating s -> false;
          case Booting s -> false;
          case AwaitingHeartbeat s -> false;
          case Replacing s -> false;
          case PendingDeprovision s -> false;
          case Deprovisioning s -> false;
          case ErrorDeprovisioning s -> false;
        };
    if (!isEnded) {
      return "it is " + row.state();
    }
    var isOnTrial =
        world.cloud.of(i).stream().anyMatch(m -> m.isLive() && m.agent().trial().isOn());
    if (isOnTrial) {
      return "an image of its agent is on trial";
    }
    return row.state() instanceof Active ? openTool(i) : null;
  }

  private String openTool(int i) {
    for (var tool : world.deployer.tools(i)) {
      var isEnded =
          switch (tool.status()) {
            case RUNNING, STOPPED, FAILED, REMOVED -> true;
            case PENDING, DEPLOYING, RESTARTING, REMOVING -> false;
          };
      if (!isEnded) {
        return "its toolbox is active, and a tool is " + tool;
      }
    }
    return Objects.equals(wanted(i), running(i)) ? null : differs(i);
  }

  void check(int i) {
    var row = world.provisioner.row(i);
    if (world.users.hasDeleted(i) && !(row.state() instanceof Deprovisioned)) {
      throw new Violation(i, "its deletion was asked for, and it is " + row.state());
    }
    var live = world.cloud.live(i);
    if (live != (row.state() instanceof Active ? 1 : 0)) {
      throw new Violation(i, "it is " + row.state() + ", and there is " + droplets(i));
    }
    checkImages(i);
    var isGivenUp = row.state() instanceof Unresponsive;
    if (world.health.patients.hasAlert(i)
        && !isGivenUp
        && !(row.state() instanceof ErrorProvisioning)) {
      throw new Violation(i, "it is " + row.state() + ", and an alert about it is still open");
    }
    if (row.state() instanceof Active) {
      checkTools(i);
    }
    if (row.state() instanceof Deprovisioned) {
      for (var tool : world.deployer.tools(i)) {
        var isOver = tool.status() == ToolStatus.REMOVED || isRefused(tool);
        if (!isOver) {
          throw new Violation(i, "its toolbox is deleted, and a tool is " + tool);
        }
      }
    }
  }

  private void checkImages(int i) {
    for (var machine : world.cloud.of(i)) {
      var image = machine.agent().image();
      if (machine.isLive() && world.health.rollouts.isTakenBack(image.reference())) {
        throw new Violation(i, machine.words() + " runs from " + image + ", which was taken back");
      }
      if (machine.isLive() && !image.isSound()) {
        throw new Violation(i, machine.words() + " stays with " + image);
      }
    }
  }

  private void checkTools(int i) {
    if (!Objects.equals(wanted(i), running(i))) {
      throw new Violation(i, differs(i));
    }
    var letters = world.deployer.deadLetters();
    for (var n = 0; n < world.users.tools(i); n++) {
      var id = Users.toolId(i, n);
      var isKnown =
          world.deployer.tools(i).stream().anyMatch(t -> t.wanted().toolInstanceId().equals(id));
      if (!isKnown && letters.stream().noneMatch(m -> m.toolbox == i)) {
        throw new Violation(i, "tool " + n + " was asked for and is neither known nor given up");
      }
    }
    for (var tool : world.deployer.tools(i)) {
      var shouldRun =
          tool.membership() == ManifestMembership.LISTED
              && tool.wanted().desired() == Desired.RUNNING;
      var isGood = !tool.wanted().spec().image().equals(Docker.NO_SUCH_IMAGE);
      if (shouldRun && isGood != (tool.status() == ToolStatus.RUNNING)) {
        throw new Violation(i, "it shall run, and is told as " + tool);
      }
      if (tool.membership() == ManifestMembership.WAITING) {
        throw new Violation(i, "its toolbox is healthy, and it still waits: " + tool);
      }
    }
  }

  private static boolean isRefused(ToolInstance tool) {
    return tool.membership() == ManifestMembership.REFUSED;
  }

  private String differs(int i) {
    return "containers wanted " + wanted(i) + ", running " + running(i);
  }

  /** Tool and revision of what shall run, and can. */
  private TreeMap<String, Long> wanted(int i) {
    var wanted = new TreeMap<String, Long>();
    for (var tool : world.deployer.tools(i)) {
      var wish = tool.wanted();
      if (tool.membership() == ManifestMembership.LISTED
          && wish.desired() == Desired.RUNNING
          && !wish.spec().image().equals(Docker.NO_SUCH_IMAGE)) {
        wanted.put(wish.toolInstanceId().toString(), wish.revision());
      }
    }
    return wanted;
  }

  /** Tool and revision of every container that runs; those of tools that cannot be are left out. */
  private TreeMap<String, Long> running(int i) {
    var unpullable = new TreeSet<String>();
    for (var tool : world.deployer.tools(i)) {
      if (tool.membership() == ManifestMembership.LISTED
          && tool.wanted().spec().image().equals(Docker.NO_SUCH_IMAGE)) {
        unpullable.add(tool.wanted().toolInstanceId().toString());
      }
    }
    var running = new TreeMap<String, Long>();
    for (var machine : world.cloud.of(i)) {
      if (machine.isLive()) {
        for (var container : machine.agent().docker().truth()) {
          var id = container.toolInstanceId().toString();
          if (container.state() == State.RUNNING && !unpullable.contains(id)) {
            running.merge(id, container.origin().revision(), (a, b) -> -1L);
          }
        }
      }
    }
    return running;
  }

  String droplets(int i) {
    var live =
        world.cloud.of(i).stream()
            .filter(Machine::isLive)
            .map(Machine::words)
            .collect(Collectors.joining(", "));
    return live.isEmpty() ? "no live droplet" : live;
  }
}
