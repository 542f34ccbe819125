package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.agent.tools.Manifest;
import io.agentopia.toolbox.agent.tools.WantedTool;
import io.agentopia.toolbox.events.HealthReason;
import io.agentopia.toolbox.events.ToolboxHealth.DtmaHealthy;
import io.agentopia.toolbox.events.ToolboxHealth.HealthDegraded;
import io.agentopia.toolbox.events.ToolboxHealth.HealthRecovered;
import io.agentopia.toolbox.events.ToolboxHealth.RemediationRequested;
import io.agentopia.toolbox.events.ToolboxRequest;
import io.agentopia.toolbox.health.model.RolloutRow;
import io.agentopia.toolbox.health.rollout.Rollout.Complete;
import io.agentopia.toolbox.health.rollout.Rollout.Rolling;
import io.agentopia.toolbox.health.verdict.Watch;
import io.agentopia.toolbox.provisioner.toolbox.Toolbox;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.*;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** What has to hold after every step, and what has to hold once the world is at rest. */
final class Invariants {
  /** Of those that one instance watches. */
  private static final int MOST_CALLED_SILENT = 3;

  private static final long FORGOTTEN_AFTER = 600_000;

  private final World world;
  private final AtRest atRest;
  private final int toolboxes;
  private final long[] replacementsWished;

  /** Droplets that did not come up and were replaced without a wish: the first in a row only. */
  private final long[] triedOnceMore;

  private final long[] foundHealthy;

  /** Images of the agent, by droplet. */
  private final Map<Long, GivenUp> givenUp = new HashMap<>();

  private record GivenUp(AgentImages.Image image, long askedAt) {}

  private final long[] healed;
  private final Map<String, long[]> sequences = new HashMap<>();

  Invariants(World world, int toolboxes) {
    this.world = world;
    this.toolboxes = toolboxes;
    replacementsWished = new long[toolboxes];
    triedOnceMore = new long[toolboxes];
    foundHealthy = new long[toolboxes];
    healed = new long[toolboxes];
    atRest = new AtRest(world);
  }

  void recreationWished(int i) {
    replacementsWished[i]++;
  }

  /** A creation that is replayed starts another droplet. */
  void replayed(Message letter) {
    if (letter.event instanceof ToolboxRequest) {
      replacementsWished[letter.toolbox]++;
    }
  }

  /** What stands aside, or is tried again, does so for what is wrong with itself. */
  void setAside(String reader, Message message, Refusal refusal) {
    if (refusal.of() != message) {
      throw new Violation(
          message.toolbox,
          reader + " sets " + message + " aside for what is wrong with " + refusal.of());
    }
  }

  void dropletMade(int i) {
    var live = world.cloud.live(i);
    if (live > 1) {
      throw new Violation(i, live + " live droplets for one toolbox: " + atRest.droplets(i));
    }
  }

  /** By whom ever: a droplet that its toolbox uses is nobody's to delete. */
  void destroyed(Machine machine) {
    if (machine.toolbox == Machine.STRAY || machine.isLostOutside()) {
      return;
    }
    var row = world.provisioner.row(machine.toolbox);
    if (row.state() instanceof HasDroplet using && using.dropletId() == machine.id) {
      throw new Violation(
          machine.toolbox, machine.words() + " was deleted, and its toolbox is " + row.state());
    }
  }

  void toolboxStored(int i, Toolbox before, Toolbox after) {
    if (before != null) {
      rises(i, "the provisioner's generation", before.generation(), after.generation());
      rises(i, "the provisioner's sequence", before.sequence(), after.sequence());
      rises(i, "the boot's sequence", before.bootSequence(), after.bootSequence());
      if (after.failedBoots() > before.failedBoots()) {
        triedOnceMore[i]++;
      }
    }
    if (after.failedBoots() > 1) {
      throw new Violation(i, "a second droplet in a row that did not come up was replaced too");
    }
    if (after.generation() > 1 + replacementsWished[i] + triedOnceMore[i]) {
      throw new Violation(
          i,
          "generation "
              + after.generation()
              + " after "
              + replacementsWished[i]
              + " wishes for another droplet and "
              + triedOnceMore[i]
              + " that did not come up: a wish was acted on twice");
    }
    var isNewlyActive = before == null || !(before.state() instanceof Active);
    if (after.state() instanceof Active active && isNewlyActive) {
      checkActive(i, after, active.dropletId());
    }
  }

  private void checkActive(int i, Toolbox toolbox, long dropletId) {
    var machine = world.cloud.machine(dropletId);
    if (machine.toolbox != i || machine.generation != toolbox.generation()) {
      throw new Violation(
          i, "active in generation " + toolbox.generation() + " with " + machine.words());
    }
    if (foundHealthy[i] != toolbox.generation()) {
      throw new Violation(
          i,
          "active in generation "
              + toolbox.generation()
              + ", but the last one found healthy is "
              + foundHealthy[i]);
    }
    var isThere = machine.isLive() || machine.isLostOutside();
    if (!isThere || world.cloud.live(i) > 1) {
      throw new Violation(
          i, "active with " + machine.words() + ", but there is " + atRest.droplets(i));
    }
  }

  /** An event may be told late or twice, but its writer counts on. */
  void committed(String writer, Message message) {
    if (message.event instanceof DtmaHealthy || message.event instanceof HealthRecovered) {
      foundHealthy[message.toolbox] = message.event.generation();
    }
    if (message.event instanceof HealthDegraded degraded
        && degraded.reason().equals(HealthReason.HEARTBEAT_MISSING)) {
      foundSilent(message.toolbox);
    }
    if (message.event instanceof RemediationRequested remedy) {
      remedyWished(message.toolbox, remedy.generation());
    }
    var sequence = message.event.sequence();
    if (sequence == 0) {
      return; // a wish that was given up: nobody counts those
    }
    // The provisioner counts its two topics apart.
    var last = sequences.computeIfAbsent(writer + message.topic, w -> new long[toolboxes]);
    if (sequence <= last[message.toolbox]) {
      throw new Violation(
          message.toolbox,
          writer + " wrote " + message + " after sequence " + last[message.toolbox]);
    }
    last[message.toolbox] = sequence;
  }

  /** Nobody is to blame for the network: a few may be called silent before it is known. */
  private void foundSilent(int i) {
    var told = world.network.isAway() ? world.health.calledSilent(i, world.network.since()) : 0;
    if (told > MOST_CALLED_SILENT && told - speechless(i) > MOST_CALLED_SILENT) {
      throw new Violation(
          i, told + " were called silent by one instance since the network went away");
    }
  }

  /** Those of the same instance whose agent could not speak, whatever the network did. */
  private long speechless(int i) {
    var since = world.millis(world.network.since());
    return IntStream.range(0, toolboxes)
        .filter(
            n -> world.cloud.of(n).stream().anyMatch(m -> m.agent().trial().wasSpeechless(since)))
        .count();
  }

  /** However often it is asked for, a generation is replaced once. */
  private void remedyWished(int i, long generation) {
    if (healed[i] < generation) {
      healed[i] = generation;
      replacementsWished[i]++;
    }
    for (var machine : world.cloud.of(i)) {
      if (machine.generation == generation && machine.isLive()) {
        throw new Violation(i, "a remedy is asked for against the live " + machine.words());
      }
    }
  }

  /** A remedy never costs anybody a droplet that is there. */
  void remedyTaken(int i, Toolbox before, Toolbox after) {
    if (before == null || after.isWhere(before)) {
      return;
    }
    for (var machine : world.cloud.of(i)) {
      if (machine.generation == before.generation() && machine.isLive()) {
        throw new Violation(i, "a remedy replaces the live " + machine.words());
      }
    }
  }

  /** One at a time, and beyond those who try it first only with an image that can be run. */
  void rolloutStored(RolloutRow rollout, long openBeside) {
    if (RolloutStore.isOpen(rollout) && openBeside > 0) {
      throw new Violation(-1, "a rollout of " + rollout.imageVersion + " is open beside another");
    }
    var isForAll = rollout.state() instanceof Rolling || rollout.state() instanceof Complete;
    var image = AgentImages.of(rollout.images().getFirst());
    if (isForAll && !image.isSound()) {
      throw new Violation(-1, "everybody is asked to run " + image + ", which nobody can");
    }
  }

  void watchStored(int i, Watch before, Watch after) {
    rises(i, "the health service's generation", before.generation(), after.generation());
    rises(
        i,
        "the health service's lifecycle sequence",
        before.lifecycleSequence(),
        after.lifecycleSequence());
  }

  void toolsStored(
      int i,
      io.agentopia.toolbox.deployer.toolbox.Toolbox before,
      io.agentopia.toolbox.deployer.toolbox.Toolbox after) {
    rises(
        i,
        "the deployer's generation",
        before.droplet().generation(),
        after.droplet().generation());
    rises(i, "the manifest", before.manifestGeneration(), after.manifestGeneration());
    rises(i, "the deployer's sequence", before.sequence(), after.sequence());
  }

  /** Nobody goes back to what a manifest said before. */
  void actsOn(int i, WantedTool tool, Manifest newest) {
    if (!newest.tools().contains(tool)) {
      throw new Violation(
          i, "its agent acts on " + tool + ", which the newest manifest it was told does not say");
    }
  }

  void imageGivenUp(long droplet, AgentImages.Image image) {
    givenUp.put(droplet, new GivenUp(image, world.agenda.now()));
  }

  /** Another wish, or long silence, is a reason to try again what was given up. */
  void imageAsked(long droplet, AgentImages.Image asked) {
    var before = givenUp.get(droplet);
    if (before == null) {
      return;
    }
    var now = world.agenda.now();
    if (before.image().equals(asked)) {
      givenUp.put(droplet, new GivenUp(before.image(), now));
    } else if (asked != null || now >= before.askedAt() + FORGOTTEN_AFTER) {
      givenUp.remove(droplet);
    }
  }

  void imageTried(int i, long droplet, AgentImages.Image image) {
    var before = givenUp.get(droplet);
    if (before != null && before.image().equals(image)) {
      throw new Violation(i, image + " of the agent is tried again, which was given up before");
    }
  }

  private static void rises(int i, String what, long before, long after) {
    if (after < before) {
      throw new Violation(i, what + " went back from " + before + " to " + after);
    }
  }

  /** What is still under way, or null when the world is at rest. */
  Violation whatIsOpen() {
    for (var service : world.services()) {
      if (!service.isIdle()) {
        return new Violation(-1, service.name + " still has events to publish or to try again");
      }
    }
    if (world.health.rollouts.isUnderWay()) {
      return new Violation(-1, "agents are still asked to move, or to go back");
    }
    if (!world.bus.isEmpty()) {
      return new Violation(-1, "records are still to be read");
    }
    if (world.cloud.hasStrays()) {
      return new Violation(-1, "a droplet that no toolbox owns is still there");
    }
    for (var i = 0; i < toolboxes; i++) {
      var open = atRest.whatIsOpen(i);
      if (open != null) {
        return new Violation(i, "not at rest within its deadlines: " + open);
      }
    }
    return null;
  }

  void checkAtRest() {
    world.bus.checkNothingUncommittedWasPublished();
    world.services().forEach(Service::checkEverythingWasPublished);
    for (var i = 0; i < toolboxes; i++) {
      atRest.check(i);
    }
  }
}
