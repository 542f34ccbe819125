package io.agentopia.toolbox.provisioner.toolbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.events.BootStage;
import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxLifecycle;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.*;
import io.agentopia.toolbox.runtime.lifecycle.Transition.Changed;
import io.agentopia.toolbox.testing.Told;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is recalled of a toolbox is what was told of it, wherever the dump was made. */
class RecollectionTest {
  private static final Instant START = Instant.parse("2026-11-28T05:00:00Z");
  private static final Deadlines DEADLINES =
      new Deadlines(
          Duration.ofMinutes(10),
          Duration.ofMinutes(5),
          Duration.ofMinutes(10),
          Duration.ofMinutes(30),
          Duration.ofSeconds(35));
  private static final Agent AGENT = new Agent("v1", 30000);

  private final Lifecycle lifecycle = new Lifecycle(DEADLINES);
  private final Recollection recollection = new Recollection(DEADLINES);

  /** A life of a toolbox: its state after each fact, and what was told until then. */
  private record Moment(Toolbox toolbox, int told) {}

  @Test
  void whateverHappenedIsRecalledFromAnyDump() {
    for (var seed = 0; seed < 2000; seed++) {
      var random = new Random(seed);
      var moments = new ArrayList<Moment>();
      var told = new ArrayList<ToolboxLifecycle>();
      live(random, moments, told);
      var last = moments.getLast().toolbox();
      var from = random.nextInt(moments.size() + 1);
      var recalled = from == 0 ? null : moments.get(from - 1).toolbox();
      // Some of what the dump has is told once more.
      var first = from == 0 ? 0 : random.nextInt(moments.get(from - 1).told() + 1);
      for (var event : told.subList(first, told.size())) {
        recalled =
            recollection.after(recalled, event, START, START.plusSeconds(1)).orElse(recalled);
      }
      assertThat(recalled).as("seed %d", seed).isNotNull();
      assertThat(recalled.sequence()).as("seed %d", seed).isEqualTo(last.sequence());
      assertThat(recalled.generation()).as("seed %d", seed).isEqualTo(last.generation());
      if (from == 0 || !recalled.equals(moments.get(from - 1).toolbox())) {
        isAsTold(seed, recalled, told.getLast(), last);
      } // else nothing was told since the dump, and the cloud is asked before a droplet is
    }
  }

  private static void isAsTold(
      int seed, Toolbox recalled, ToolboxLifecycle lastTold, Toolbox last) {
    var as = "seed %d: %s of %s".formatted(seed, recalled.state(), last.state());
    switch (last.state()) {
      case Active s -> assertThat(recalled.state()).as(as).isEqualTo(s);
      case Unresponsive s -> {
        assertThat(recalled.state()).as(as).isInstanceOf(Unresponsive.class);
        var r = (Unresponsive) recalled.state();
        assertThat(List.of(r.dropletId(), r.ipv4(), r.agent(), r.lost()))
            .as(as)
            .isEqualTo(List.of(s.dropletId(), s.ipv4(), s.agent(), s.lost()));
      }
      case AwaitingHeartbeat s when s.agent() != null ->
          assertThat(recalled.state())
              .as(as)
              .isInstanceOfSatisfying(
                  AwaitingHeartbeat.class, r -> assertThat(r.ipv4()).isEqualTo(s.ipv4()));
      case Booting s ->
          assertThat(recalled.state())
              .as(as)
              .isInstanceOfSatisfying(
                  Booting.class, r -> assertThat(r.dropletId()).isEqualTo(s.dropletId()));
      // A droplet may have been asked for: the cloud is asked before another one is.
      case Creating s -> assertThat(mayMakeASecond(recalled.state())).as(as).isFalse();
      default -> assertThat(group(recalled.status())).as(as).isEqualTo(group(lastTold.status()));
    }
  }

  private static boolean mayMakeASecond(ToolboxState state) {
    return state instanceof Creating s && !s.mayExist();
  }

  /** Removal is begun again, and a droplet whose agent has not joined waits for its address. */
  private static ToolboxStatus group(ToolboxStatus status) {
    return switch (status) {
      case DEPROVISIONING -> ToolboxStatus.PENDING_DEPROVISION;
      case AWAITING_HEARTBEAT -> ToolboxStatus.PROVISIONING;
      default -> status;
    };
  }

  private void live(Random random, List<Moment> moments, List<ToolboxLifecycle> told) {
    var id = new UUID(random.nextLong(), random.nextLong());
    var request =
        Told.toolboxRequested(new Subject(id, "acme", 0, 1), "box", "nyc3", "s-1vcpu-1gb");
    var now = START.minus(Duration.ofDays(1));
    var toolbox =
        take((Changed<Toolbox, Event>) lifecycle.accept(request, null, now), moments, told);
    var steps = 1 + random.nextInt(40);
    for (var step = 0; step < steps; step++) {
      now = now.plusSeconds(random.nextInt(20));
      if (lifecycle.apply(toolbox, fact(random, toolbox, now), now)
          instanceof Changed<Toolbox, Event> c) {
        toolbox = take(c, moments, told);
      }
    }
  }

  private static Toolbox take(
      Changed<Toolbox, Event> changed, List<Moment> moments, List<ToolboxLifecycle> told) {
    changed.events().stream()
        .filter(ToolboxLifecycle.class::isInstance)
        .forEach(e -> told.add((ToolboxLifecycle) e));
    moments.add(new Moment(changed.to(), told.size()));
    return changed.to();
  }

  /** Mostly what fits the state, so that lives become long; sometimes anything. */
  private static Fact fact(Random random, Toolbox toolbox, Instant now) {
    var likely = random.nextInt(5) > 0;
    return switch (toolbox.state()) {
      case PendingProvision s when likely ->
          random.nextBoolean() ? new Fact.CreateAttempted() : new Fact.ProvisioningStarted();
      case Creating s when likely && !s.mayExist() -> new Fact.CreateAttempted();
      case Creating s when likely -> new Fact.CreateSucceeded(random.nextInt(1000) + 1);
      case Booting s when likely ->
          random.nextBoolean()
              ? new Fact.DropletSeen(s.dropletId(), true, "10.0.0." + random.nextInt(250))
              : new Fact.AgentJoined(AGENT);
      case AwaitingHeartbeat s when likely ->
          s.agent() == null ? new Fact.AgentJoined(AGENT) : new Fact.AgentHealthy();
      case Active s when likely ->
          random.nextBoolean()
              ? new Fact.AgentDegraded("heartbeat_missing")
              : new Fact.DropletMissing(s.dropletId());
      case Unresponsive s when likely ->
          switch (random.nextInt(3)) {
            case 0 -> new Fact.AgentHealthy();
            case 1 -> new Fact.DropletFound(s.dropletId(), s.ipv4());
            default -> new Fact.RemedyRequested();
          };
      case Replacing s when likely -> new Fact.DropletsGone();
      case PendingDeprovision s when likely -> new Fact.RemovalStarted();
      case Deprovisioning s when likely -> new Fact.DropletsGone();
      case ErrorProvisioning s when likely ->
          s.cleanup() == null ? new Fact.RetryRequested("again") : new Fact.DropletsGone();
      default -> anything(random, now);
    };
  }

  private static Fact anything(Random random, Instant now) {
    return switch (random.nextInt(9)) {
      case 0 -> new Fact.RecreationRequested("asked for");
      case 1 -> new Fact.CreateUnsure("no answer");
      case 2 -> new Fact.CreateRefused(new Trouble("refused", "No.", "Ask for less."));
      case 3 -> new Fact.NothingFound(now);
      case 4 -> new Fact.BootStageReached(BootStage.ADDRESS, "there");
      case 5 -> new Fact.DeletionRequested(false, "asked for");
      case 6 -> new Fact.AgentDegraded("docker_unreachable");
      case 7 -> new Fact.CreateDeferred(Duration.ofSeconds(1), "busy");
      default -> new Fact.DeadlinePassed();
    };
  }
}
