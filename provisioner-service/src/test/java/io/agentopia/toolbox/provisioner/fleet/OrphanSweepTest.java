package io.agentopia.toolbox.provisioner.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.provisioner.fleet.OrphanSweep.Action.*;
import io.agentopia.toolbox.provisioner.fleet.OrphanSweep.Kept;
import io.agentopia.toolbox.provisioner.fleet.OrphanSweep.Plan;
import io.agentopia.toolbox.provisioner.fleet.OrphanSweep.Rules;
import io.agentopia.toolbox.provisioner.fleet.OrphanSweep.Sight;
import io.agentopia.toolbox.provisioner.fleet.OrphanSweep.State;
import io.agentopia.toolbox.provisioner.toolbox.Toolbox;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.*;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class OrphanSweepTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final UUID TOOLBOX = UUID.fromString("00000000-0000-0000-0000-00000000000a");
  private static final Agent AGENT = new Agent("1", 30000);
  private static final Trouble TROUBLE = new Trouble("code", "message", "action");
  private static final Removal REMOVAL = new Removal(null, NOW, 0, NOW);
  private static final Rules RULES =
      new Rules(
          Duration.ofHours(1),
          Duration.ofMinutes(10),
          Duration.ofSeconds(20),
          Duration.ofMinutes(1),
          OptionalInt.empty());

  private final OrphanSweep sweep = new OrphanSweep(RULES);

  record Case(ToolboxState state, long generation, String verdict) {}

  /** The toolbox is of generation 2 and, where it knows a droplet, knows 7. The droplet is 8. */
  static Stream<Case> anotherDropletOfTheToolbox() {
    var current = new ArrayList<Case>();
    for (var state :
        List.of(
            new Booting(7, false, null, NOW),
            new AwaitingHeartbeat(7, "ip", AGENT, NOW),
            new Active(7, "ip", AGENT),
            new Unresponsive(7, "ip", AGENT, "reason", false),
            new Unresponsive(7, "ip", AGENT, "reason", true))) {
      current.add(new Case(state, 1, "old_generation"));
      current.add(new Case(state, 2, "second_droplet"));
      current.add(new Case(state, 3, "ahead"));
    }
    for (var state :
        List.of(
            new PendingProvision(null),
            new Creating(null, 1, true, NOW, NOW, NOW.plusSeconds(1)))) {
      current.add(new Case(state, 1, "old_generation"));
      current.add(new Case(state, 2, "owned"));
      current.add(new Case(state, 3, "ahead"));
    }
    for (var state :
        List.of(
            new ErrorProvisioning(TROUBLE, REMOVAL),
            new Replacing(7L, REMOVAL, NOW),
            new PendingDeprovision(REMOVAL),
            new Deprovisioning(REMOVAL, NOW),
            new Deprovisioned(REMOVAL),
            new ErrorDeprovisioning(TROUBLE, REMOVAL))) {
      for (var generation = 1; generation <= 3; generation++) {
        current.add(new Case(state, generation, "owned"));
      }
    }
    var failed = new ErrorProvisioning(TROUBLE, null);
    current.add(new Case(failed, 1, "old_generation"));
    current.add(new Case(failed, 2, "toolbox_failed"));
    current.add(new Case(failed, 3, "ahead"));
    for (var generation = 1; generation <= 3; generation++) {
      current.add(new Case(new Deprovisioned(null), generation, "toolbox_deleted"));
    }
    return current.stream();
  }

  @ParameterizedTest
  @MethodSource("anotherDropletOfTheToolbox")
  void whoOwnsADroplet(Case c) {
    var droplet = droplet(8, TOOLBOX, c.generation());
    var plan = sweep.plan(sight(List.of(droplet), List.of(owner(c.state())), List.of(), 0), NOW);
    switch (c.verdict()) {
      case "owned", "ahead" -> assertThat(plan.actions()).isEmpty();
      default -> assertThat(plan.actions()).containsExactly(new Quarantine(droplet, c.verdict()));
    }
    assertThat(plan.hold()).isNull();
  }

  @Test
  void theDropletThatAToolboxKnowsIsItsOwnWhateverItsTagsSay() {
    var states =
        List.of(
            new Active(7, "ip", AGENT),
            new Deprovisioning(new Removal(7L, NOW, 0, NOW), NOW),
            new ErrorProvisioning(TROUBLE, new Removal(7L, NOW, 0, NOW)));
    for (var state : states) {
      var untagged = new Listed(7, "n", Set.of("fleet"), NOW.minus(Duration.ofDays(1)));
      var plan = sweep.plan(sight(List.of(untagged), List.of(owner(state)), List.of(), 0), NOW);
      assertThat(plan.actions()).isEmpty();
    }
  }

  @Test
  void withoutARowOrAReadableTagNobodyOwnsIt() {
    var stranger = droplet(8, UUID.randomUUID(), 1);
    var old = NOW.minus(Duration.ofDays(1));
    var untagged = new Listed(9, "n", Set.of("fleet"), old);
    var garbled = new Listed(10, "n", Set.of("fleet", "toolbox:x"), old);
    var plan = plan(List.of(stranger, untagged, garbled), List.of());
    assertThat(plan.actions())
        .containsExactly(
            new Quarantine(stranger, "no_toolbox"),
            new Quarantine(untagged, "no_toolbox_tag"),
            new Quarantine(garbled, "no_toolbox_tag"));
  }

  @ParameterizedTest
  @CsvSource({"599, false", "600, true"})
  void whatMayBelongToACreateUnderWayIsNeverAnOrphan(long ageSeconds, boolean isOrphan) {
    var young = new Listed(8, "n", tags(TOOLBOX, 1), NOW.minusSeconds(ageSeconds));
    assertThat(plan(List.of(young), List.of()).actions().isEmpty()).isNotEqualTo(isOrphan);
  }

  @ParameterizedTest
  @CsvSource({"19, false", "20, true"})
  void whatItsToolboxHasJustLetGoOfMayStillBeListed(long seconds, boolean isOrphan) {
    var deleted = new Owner(TOOLBOX, 2, null, Owner.Claim.NONE_DELETED, NOW.minusSeconds(seconds));
    var droplet = droplet(8, TOOLBOX, 2);
    var plan = sweep.plan(sight(List.of(droplet), List.of(deleted), List.of(), 0), NOW);
    assertThat(plan.actions().isEmpty()).isNotEqualTo(isOrphan);
    // In quarantine already, it is neither released for that nor deleted.
    var kept = new Kept(8, State.QUARANTINED, NOW.minus(Duration.ofDays(1)), null);
    var later = sweep.plan(sight(List.of(droplet), List.of(deleted), List.of(kept), 0), NOW);
    assertThat(later.actions()).isEqualTo(isOrphan ? List.of(new Delete(8)) : List.of());
  }

  @ParameterizedTest
  @CsvSource({"3599, false", "3600, true"})
  void anOrphanIsDeletedAfterTheGracePeriod(long quarantinedSeconds, boolean isDeleted) {
    var marked = marked(8);
    var kept = new Kept(8, State.QUARANTINED, NOW.minusSeconds(quarantinedSeconds), null);
    assertThat(plan(List.of(marked), List.of(kept)).actions())
        .isEqualTo(isDeleted ? List.of(new Delete(8)) : List.of());
  }

  @Test
  void aMissingMarkIsMadeUpFor() {
    var kept = new Kept(8, State.QUARANTINED, NOW, null);
    assertThat(plan(List.of(droplet(8, TOOLBOX, 1)), List.of(kept)).actions())
        .containsExactly(new Mark(8));
    assertThat(plan(List.of(marked(8)), List.of(kept)).actions()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"59, false", "60, true"})
  void aDeletionIsRepeatedWhenTheDropletStays(long seconds, boolean isRepeated) {
    var kept = new Kept(8, State.DELETED, NOW.minus(Duration.ofDays(1)), NOW.minusSeconds(seconds));
    assertThat(plan(List.of(marked(8)), List.of(kept)).actions())
        .isEqualTo(isRepeated ? List.of(new Delete(8)) : List.of());
  }

  @Test
  void whatHasAnOwnerAgainIsReleasedAndWhatIsNotListedIsGone() {
    var kept =
        List.of(
            new Kept(7, State.QUARANTINED, NOW.minus(Duration.ofDays(1)), null),
            new Kept(8, State.QUARANTINED, NOW.minus(Duration.ofDays(1)), null),
            new Kept(9, State.DELETED, NOW.minus(Duration.ofDays(1)), NOW),
            new Kept(10, State.RELEASED, NOW.minus(Duration.ofDays(1)), null));
    var owned = droplet(7, TOOLBOX, 2);
    var owner = owner(new Active(7, "ip", AGENT));
    assertThat(sweep.plan(sight(List.of(owned), List.of(owner), kept, 0), NOW).actions())
        .containsExactly(new Release(7), new Gone(8));
  }

  @ParameterizedTest
  @CsvSource({"RELEASED", "GONE"})
  void whatIsAnOrphanOnceMoreStartsAfreshInQuarantine(State before) {
    var kept = new Kept(8, before, NOW.minus(Duration.ofDays(1)), null);
    assertThat(plan(List.of(marked(8)), List.of(kept)).actions())
        .containsExactly(new Quarantine(marked(8), "no_toolbox"));
  }

  @ParameterizedTest
  @CsvSource({
    // orphans, owned, limit of the configuration, allowed by an operator, is held
    "3, 0, , 0, false",
    "4, 0, , 0, true",
    "4, 16, , 0, false",
    "5, 16, , 0, true",
    "4, 0, 4, 0, false",
    "2, 50, 1, 0, true",
    "4, 0, , 4, false",
    "5, 0, , 4, true",
    "1, 0, 0, 0, true",
  })
  void theBreakerHoldsWhenMoreHaveNoOwnerThanCanBeTrue(
      int orphans, int owned, Integer limit, int allowed, boolean isHeld) {
    var listed = new ArrayList<Listed>();
    var owners = new ArrayList<Owner>();
    IntStream.range(0, orphans).forEach(i -> listed.add(droplet(100 + i, UUID.randomUUID(), 1)));
    for (var i = 0; i < owned; i++) {
      var id = UUID.randomUUID();
      listed.add(droplet(1000 + i, id, 1));
      owners.add(new Owner(id, 1, 1000L + i, Owner.Claim.ONE, NOW));
    }
    var rules =
        new Rules(
            RULES.grace(),
            RULES.youth(),
            RULES.lag(),
            RULES.repeat(),
            limit == null ? OptionalInt.empty() : OptionalInt.of(limit));
    var plan = new OrphanSweep(rules).plan(sight(listed, owners, List.of(), allowed), NOW);
    assertThat(plan.hold() != null).isEqualTo(isHeld);
    assertThat(plan.actions()).hasSize(isHeld ? 0 : orphans);
  }

  @Test
  void aHeldSweepDeletesNothingEither() {
    var listed = IntStream.range(0, 4).mapToObj(i -> marked(100 + i)).toList();
    var kept =
        listed.stream()
            .map(d -> new Kept(d.id(), State.QUARANTINED, NOW.minus(Duration.ofDays(1)), null))
            .toList();
    var plan = plan(listed, kept);
    assertThat(plan.actions()).isEmpty();
    assertThat(plan.hold().reason())
        .isEqualTo("4 of 4 droplets have no owner, more than can be true");
  }

  @Test
  void anEmptyDatabaseJudgesNobody() {
    var sight =
        new Sight(List.of(droplet(8, TOOLBOX, 1)), List.of(), List.of(), false, false, 0, Set.of());
    assertThat(sweep.plan(sight, NOW).actions()).isEmpty();
    assertThat(sweep.plan(sight, NOW).hold().reason()).contains("no toolbox at all");
    var allowed = new Sight(sight.listed(), List.of(), List.of(), false, false, 1, Set.of());
    assertThat(sweep.plan(allowed, NOW).actions()).hasSize(1);
  }

  @Test
  void aDatabaseThatIsOlderThanTheCloudJudgesNobody() {
    var ahead = droplet(8, TOOLBOX, 3);
    var orphan = droplet(9, UUID.randomUUID(), 1);
    var owner = owner(new Active(7, "ip", AGENT));
    var plan = sweep.plan(sight(List.of(ahead, orphan), List.of(owner), List.of(), 0), NOW);
    assertThat(plan.actions()).isEmpty();
    assertThat(plan.hold().reason()).contains("has not come to");
    // Allowed, the orphan goes; what is ahead of us is nobody's to judge.
    var allowed = sweep.plan(sight(List.of(ahead, orphan), List.of(owner), List.of(), 1), NOW);
    assertThat(allowed.actions()).containsExactly(new Quarantine(orphan, "no_toolbox"));
  }

  @Test
  void afterARestoreAnOperatorHasTheWord() {
    var orphan = droplet(9, UUID.randomUUID(), 1);
    var restored = new Sight(List.of(orphan), List.of(), List.of(), true, true, 0, Set.of());
    assertThat(sweep.plan(restored, NOW).actions()).isEmpty();
    assertThat(sweep.plan(restored, NOW).hold().reason()).contains("restored");
    var allowed = new Sight(List.of(orphan), List.of(), List.of(), true, true, 1, Set.of());
    assertThat(sweep.plan(allowed, NOW).actions()).hasSize(1);
  }

  @Test
  void whoseAgentSpeaksIsSparedWhateverIsAllowed() {
    var speaking = droplet(8, UUID.randomUUID(), 1);
    var silent = droplet(9, UUID.randomUUID(), 1);
    var due = new Kept(8, State.QUARANTINED, NOW.minus(Duration.ofDays(1)), null);
    var sight = sight(List.of(speaking, silent), List.of(), List.of(due), 5);
    var first = sweep.plan(sight, NOW);
    assertThat(first.givenUp(sight.listed())).containsExactly(speaking, silent);
    var plan = sweep.plan(sight.hearing(Set.of(8L)), NOW);
    assertThat(plan.actions()).containsExactly(new Quarantine(silent, "no_toolbox"));
    assertThat(plan.spared()).containsExactly(speaking);
  }

  private Plan plan(List<Listed> listed, List<Kept> kept) {
    return sweep.plan(sight(listed, List.of(), kept, 0), NOW);
  }

  private static Sight sight(
      List<Listed> listed, List<Owner> owners, List<Kept> kept, int allowed) {
    return new Sight(listed, owners, kept, true, false, allowed, Set.of());
  }

  private static Owner owner(ToolboxState state) {
    return Owner.of(
        new Toolbox(
            TOOLBOX,
            "acct",
            "name",
            "nyc3",
            "s",
            2,
            new Toolbox.Told(1, 0, 0),
            0,
            null,
            NOW,
            state),
        NOW.minusSeconds(20));
  }

  private static Listed droplet(long id, UUID toolbox, long generation) {
    return new Listed(id, "n", tags(toolbox, generation), NOW.minus(Duration.ofDays(1)));
  }

  private static Listed marked(long id) {
    return new Listed(
        id,
        "n",
        Set.of("fleet", "toolbox:" + TOOLBOX, "gen:1", "quarantined"),
        NOW.minus(Duration.ofDays(1)));
  }

  private static Set<String> tags(UUID toolbox, long generation) {
    return Set.of("fleet", "toolbox:" + toolbox, "gen:" + generation);
  }
}
