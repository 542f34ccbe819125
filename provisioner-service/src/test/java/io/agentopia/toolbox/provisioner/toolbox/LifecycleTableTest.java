package io.agentopia.toolbox.provisioner.toolbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.events.BootStage;
import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.ToolboxBoot;
import io.agentopia.toolbox.events.ToolboxLifecycle;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.*;
import io.agentopia.toolbox.runtime.lifecycle.Transition;
import io.agentopia.toolbox.runtime.lifecycle.Transition.Changed;
import io.agentopia.toolbox.runtime.lifecycle.Transition.Ignored;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every state met by every fact: the state that follows, or "-" where nothing changes. */
class LifecycleTableTest {
  static final Instant NOW = Instant.parse("2026-11-23T15:00:00Z");
  static final Deadlines DEADLINES =
      new Deadlines(
          Duration.ofMinutes(10),
          Duration.ofMinutes(5),
          Duration.ofMinutes(10),
          Duration.ofMinutes(30),
          Duration.ofSeconds(20));
  private static final Instant LATER = NOW.plusSeconds(60);
  private static final Instant BEFORE = NOW.minusSeconds(1);
  private static final Agent AGENT = new Agent("0.1.0", 30000);
  private static final Trouble TROUBLE = new Trouble("code", "sentence", "action");
  private static final long DROPLET = 41;

  /** The states, with deadlines that have not passed; {@code *} marks one whose deadline has. */
  private static final Map<String, ToolboxState> STATES = new LinkedHashMap<>();

  static {
    STATES.put("Pending", new PendingProvision(null));
    STATES.put("Creating", new Creating(null, 1, false, NOW, NOW, LATER));
    STATES.put("CreatingUnsure", new Creating(null, 1, true, BEFORE, NOW, LATER));
    STATES.put("Creating*", new Creating(null, 1, true, LATER, NOW, BEFORE));
    STATES.put("Booting", new Booting(DROPLET, false, null, LATER));
    STATES.put("Booting*", new Booting(DROPLET, true, null, BEFORE));
    STATES.put("Awaiting", new AwaitingHeartbeat(DROPLET, "203.0.113.1", AGENT, LATER));
    STATES.put("Awaiting*", new AwaitingHeartbeat(DROPLET, "203.0.113.1", null, BEFORE));
    STATES.put("Active", new Active(DROPLET, "203.0.113.1", AGENT));
    STATES.put(
        "Unresponsive",
        new Unresponsive(DROPLET, "203.0.113.1", AGENT, "heartbeat_missing", false));
    STATES.put("Lost", new Unresponsive(DROPLET, "203.0.113.1", AGENT, "droplet_lost", true));
    STATES.put("Error", new ErrorProvisioning(TROUBLE, null));
    STATES.put("ErrorDirty", new ErrorProvisioning(TROUBLE, removal()));
    STATES.put("Replacing", new Replacing(DROPLET, removal(), LATER));
    STATES.put("Replacing*", new Replacing(DROPLET, removal(), BEFORE));
    STATES.put("PendingDelete", new PendingDeprovision(removal()));
    STATES.put("Deleting", new Deprovisioning(removal(), LATER));
    STATES.put("Deleting*", new Deprovisioning(removal(), BEFORE));
    STATES.put("Deleted", new Deprovisioned(null));
    STATES.put("DeletedDirty", new Deprovisioned(removal()));
    STATES.put("DeleteFailed", new ErrorDeprovisioning(TROUBLE, removal()));
  }

  private static final Map<String, Fact> FACTS = new LinkedHashMap<>();

  static {
    FACTS.put("delete", new Fact.DeletionRequested(false, null));
    FACTS.put("force", new Fact.DeletionRequested(true, null));
    FACTS.put("recreate", new Fact.RecreationRequested(null));
    FACTS.put("heal", new Fact.RemedyRequested());
    FACTS.put("retry", new Fact.RetryRequested("replayed"));
    FACTS.put("start", new Fact.ProvisioningStarted());
    FACTS.put("attempt", new Fact.CreateAttempted());
    FACTS.put("created", new Fact.CreateSucceeded(DROPLET + 1));
    FACTS.put("refused", new Fact.CreateRefused(TROUBLE));
    FACTS.put("unsure", new Fact.CreateUnsure("time-out"));
    FACTS.put("deferred", new Fact.CreateDeferred(Duration.ofSeconds(9), "429"));
    FACTS.put("nolookup", new Fact.LookUpFailed(Duration.ofSeconds(3), "503"));
    FACTS.put("nothing", new Fact.NothingFound(NOW));
    FACTS.put("seen", new Fact.DropletSeen(DROPLET, true, "203.0.113.9"));
    FACTS.put("found", new Fact.DropletFound(DROPLET, "203.0.113.9"));
    FACTS.put("missing", new Fact.DropletMissing(DROPLET));
    FACTS.put("joined", new Fact.AgentJoined(AGENT));
    FACTS.put("stage", new Fact.BootStageReached(BootStage.DOCKER, "28"));
    FACTS.put("failed", new Fact.BootFailed("docker: exit 100", "the end of the log"));
    FACTS.put("healthy", new Fact.AgentHealthy());
    FACTS.put("degraded", new Fact.AgentDegraded("heartbeat_missing"));
    FACTS.put("gone", new Fact.DropletsGone());
    FACTS.put("later", new Fact.RemovalDeferred(Duration.ofSeconds(1), "429"));
    FACTS.put("removing", new Fact.RemovalStarted());
    FACTS.put("deadline", new Fact.DeadlinePassed());
  }

  /** What each fact makes of each state; {@code -}: nothing. */
  private static String table() {
    try (var file = LifecycleTableTest.class.getResourceAsStream("lifecycle.txt")) {
      return new String(file.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<Arguments> cells() {
    var lines = table().strip().lines().toList();
    var facts = Arrays.stream(lines.getFirst().trim().split("\\s+")).skip(1).toList();
    var cells = new ArrayList<Arguments>();
    for (var line : lines.subList(1, lines.size())) {
      var words = line.trim().split("\\s+");
      for (int i = 0; i < facts.size(); i++) {
        cells.add(Arguments.of(words[0], facts.get(i), words[i + 1]));
      }
    }
    return cells.stream();
  }

  @Test
  void theTableHoldsEveryStateAndEveryFact() {
    assertThat(cells()).hasSize(STATES.size() * FACTS.size());
    assertThat(STATES.values().stream().map(Object::getClass).collect(Collectors.toSet()))
        .isEqualTo(ToolboxState.records());
    assertThat(FACTS.values().stream().map(Object::getClass).collect(Collectors.toSet()))
        .hasSameElementsAs(List.of(Fact.class.getPermittedSubclasses()));
  }

  @ParameterizedTest(name = "{0} + {1} -> {2}")
  @MethodSource("cells")
  void cell(String state, String fact, String expected) {
    var outcome = new Lifecycle(DEADLINES).apply(toolbox(STATES.get(state)), FACTS.get(fact), NOW);
    assertThat(word(outcome)).isEqualTo(expected);
  }

  /**
   * Whatever happens: sequences rise by one in each topic, events carry the new generation and
   * those of the lifecycle the new status, and a change of it is never silent there.
   */
  @ParameterizedTest(name = "{0} + {1}")
  @MethodSource("cells")
  void eventsAreNumberedOnAndCarryWhatHoldsAfterThem(String state, String fact, String expected) {
    var before = toolbox(STATES.get(state));
    if (new Lifecycle(DEADLINES).apply(before, FACTS.get(fact), NOW)
        instanceof Changed<Toolbox, Event> changed) {
      var sequence = before.sequence();
      var bootSequence = before.bootSequence();
      for (var event : changed.events()) {
        if (event instanceof ToolboxLifecycle told) {
          assertThat(told.sequence()).isEqualTo(++sequence);
          assertThat(told.status()).isEqualTo(changed.to().status());
        } else {
          assertThat(event).isInstanceOf(ToolboxBoot.class);
          assertThat(event.sequence()).isEqualTo(++bootSequence);
        }
        assertThat(event.generation())
            .isEqualTo(
                event instanceof ToolboxBoot
                    ? before.generation() // a stage is one of the droplet that there was
                    : changed.to().generation());
      }
      assertThat(changed.to().sequence()).isEqualTo(sequence);
      assertThat(changed.to().bootSequence()).isEqualTo(bootSequence);
      if (before.status() != changed.to().status() && !(before.state() instanceof Replacing)) {
        assertThat(changed.events()).hasAtLeastOneElementOfType(ToolboxLifecycle.class);
      }
    }
  }

  /** An address that is known before the agent joins is a status too, and is told as one. */
  @Test
  void becomingActiveIsToldOnceOnTheLifecyclesTopicAndABootStageIsNot() {
    var active =
        new Lifecycle(DEADLINES).apply(toolbox(STATES.get("Awaiting")), FACTS.get("healthy"), NOW);
    assertThat(((Changed<Toolbox, Event>) active).events())
        .singleElement()
        .isInstanceOfSatisfying(
            ToolboxLifecycle.ToolboxStatusChanged.class,
            e -> assertThat(e.status()).isEqualTo(ToolboxStatus.ACTIVE));
    var seen =
        new Lifecycle(DEADLINES).apply(toolbox(STATES.get("Booting")), FACTS.get("seen"), NOW);
    assertThat(((Changed<Toolbox, Event>) seen).events())
        .extracting(e -> e.getClass().getSimpleName())
        .containsExactly("BootProgressed", "BootProgressed", "ToolboxStatusChanged");
    var stage =
        new Lifecycle(DEADLINES).apply(toolbox(STATES.get("Booting")), FACTS.get("stage"), NOW);
    assertThat(((Changed<Toolbox, Event>) stage).to().sequence()).isEqualTo(7);
    assertThat(((Changed<Toolbox, Event>) stage).to().bootSequence()).isEqualTo(5);
  }

  /** Droplets that do not come up: the first is replaced, the second is given up and removed. */
  @ParameterizedTest(name = "{0} + {1}")
  @CsvSource({
    "Booting, failed, boot_failed, 41",
    "Awaiting*, failed, boot_failed, 41",
    "Booting, missing, droplet_disappeared,",
    "Awaiting, missing, droplet_disappeared,",
    "Booting*, deadline, no_address, 41",
    "Awaiting*, deadline, agent_never_joined, 41"
  })
  void aDropletThatDoesNotComeUpIsReplacedOnce(
      String state, String fact, String code, Long leftBehind) {
    var lifecycle = new Lifecycle(DEADLINES);
    var first = toolbox(STATES.get(state));
    var once = (Changed<Toolbox, Event>) lifecycle.apply(first, FACTS.get(fact), NOW);
    assertThat(once.to().state()).isInstanceOf(Replacing.class);
    assertThat(once.to().generation()).isEqualTo(first.generation() + 1);
    assertThat(once.to().failedBoots()).isEqualTo(1);
    assertThat(once.events())
        .hasAtLeastOneElementOfType(ToolboxLifecycle.ToolboxStatusChanged.class)
        .doesNotHaveAnyElementsOfTypes(
            ToolboxLifecycle.DropletLost.class, ToolboxLifecycle.ToolboxFailed.class);

    var again = first.withFailedBoots(1);
    var twice = (Changed<Toolbox, Event>) lifecycle.apply(again, FACTS.get(fact), NOW);
    assertThat(twice.to().generation()).isEqualTo(first.generation());
    assertThat(twice.to().state())
        .isInstanceOfSatisfying(
            ErrorProvisioning.class,
            s -> {
              assertThat(s.trouble().code()).isEqualTo(code);
              assertThat(s.cleanup() == null ? null : s.cleanup().dropletId())
                  .isEqualTo(leftBehind);
            });
    assertThat(twice.events()).hasAtLeastOneElementOfType(ToolboxLifecycle.ToolboxFailed.class);
  }

  @ParameterizedTest(name = "{0} + {1}")
  @CsvSource({
    "Awaiting, healthy",
    "Booting, recreate",
    "Awaiting, recreate",
    "Active, recreate",
    "Error, recreate",
    "ErrorDirty, retry"
  })
  void itsTriesBeginAnewWithOneThatCameUpAndWithAWish(String state, String fact) {
    var before = toolbox(STATES.get(state)).withFailedBoots(1);
    var outcome = new Lifecycle(DEADLINES).apply(before, FACTS.get(fact), NOW);
    assertThat(((Changed<Toolbox, Event>) outcome).to().failedBoots()).isZero();
  }

  /** Its token was another team's for a while: the cloud's 404 was true, and no loss. */
  @Test
  void aLostDropletThatIsFoundIsReadyAndWaitsForItsAgentsHealth() {
    var found =
        (Changed<Toolbox, Event>)
            new Lifecycle(DEADLINES).apply(toolbox(STATES.get("Lost")), FACTS.get("found"), NOW);
    assertThat(found.events())
        .singleElement()
        .isInstanceOfSatisfying(
            ToolboxLifecycle.DropletReady.class,
            e -> assertThat(e.status()).isEqualTo(ToolboxStatus.UNRESPONSIVE));
    var healthy = new Lifecycle(DEADLINES).apply(found.to(), FACTS.get("healthy"), NOW);
    assertThat(((Changed<Toolbox, Event>) healthy).to().state()).isInstanceOf(Active.class);
  }

  static Collection<ToolboxState> states() {
    return STATES.values();
  }

  static Toolbox toolbox(ToolboxState state) {
    var id = UUID.fromString("0199a2b4-0000-7000-8000-000000000001");
    return new Toolbox(
        id,
        "acct-1",
        "research",
        "nyc3",
        "s-1vcpu-1gb",
        3,
        new Toolbox.Told(7, 4, 0),
        0,
        null,
        NOW,
        state);
  }

  private static Removal removal() {
    return Removal.of(DROPLET, NOW, NOW);
  }

  private static String word(Transition<Toolbox, Event> outcome) {
    return switch (outcome) {
      case Ignored<Toolbox, Event> u -> "-";
      case Changed<Toolbox, Event> c -> word(c.to().state());
    };
  }

  private static String word(ToolboxState state) {
    return switch (state) {
      case PendingProvision s -> "Pending";
      case Creating s -> s.mayExist() ? "CreatingUnsure" : "Creating";
      case Booting s -> "Booting";
      case AwaitingHeartbeat s -> "Awaiting";
      case Active s -> "Active";
      case Unresponsive s -> s.lost() ? "Lost" : "Unresponsive";
      case ErrorProvisioning s -> s.cleanup() == null ? "Error" : "ErrorDirty";
      case Replacing s -> "Replacing";
      case PendingDeprovision s -> "PendingDelete";
      case Deprovisioning s -> "Deleting";
      case Deprovisioned s -> s.leftover() == null ? "Deleted" : "DeletedDirty";
      case ErrorDeprovisioning s -> "DeleteFailed";
    };
  }

  /**
   * Prints the table as it is; for the one who adds a state or a fact, and then reads every new
   * cell.
   */
  static String print() {
    var rows = new ArrayList<String>();
    rows.add(
        String.format("%-14s", "")
            + FACTS.keySet().stream()
                .map(f -> String.format(" %-14s", f))
                .collect(Collectors.joining()));
    STATES.forEach(
        (name, state) ->
            rows.add(
                String.format("%-14s", name)
                    + FACTS.values().stream()
                        .map(
                            f ->
                                String.format(
                                    " %-14s",
                                    word(new Lifecycle(DEADLINES).apply(toolbox(state), f, NOW))))
                        .collect(Collectors.joining())));
    return rows.stream().map(String::stripTrailing).collect(Collectors.joining("\n"));
  }
}
