package io.agentopia.toolbox.provisioner.toolbox;

import static io.agentopia.toolbox.provisioner.toolbox.LifecycleTableTest.DEADLINES;
import static io.agentopia.toolbox.provisioner.toolbox.LifecycleTableTest.NOW;
import static io.agentopia.toolbox.provisioner.toolbox.LifecycleTableTest.toolbox;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.*;
import io.agentopia.toolbox.runtime.lifecycle.Transition;
import io.agentopia.toolbox.runtime.lifecycle.Transition.Changed;
import io.agentopia.toolbox.runtime.lifecycle.Transition.Ignored;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An instance is paused between the cloud's answer and its storing; its lease runs out and another
 * one goes on. Each of these was found by the simulation.
 */
class LateResultTest {
  private static final Instant LATER = NOW.plusSeconds(60);
  private static final Instant UNTIL = NOW.plusSeconds(20);
  private static final Toolbox FIRST_ATTEMPT =
      toolbox(new Creating(null, 1, true, UNTIL, NOW, LATER));
  private static final Toolbox SECOND_ATTEMPT =
      toolbox(new Creating(null, 2, true, UNTIL.plusSeconds(20), NOW, LATER));
  private static final Trouble TROUBLE = new Trouble("code", "sentence", "action");

  static Stream<Arguments> overtaken() {
    return Stream.of(
            new Fact.CreateDeferred(Duration.ofSeconds(1), "429"),
            new Fact.CreateUnsure("time-out"),
            new Fact.CreateRefused(TROUBLE),
            new Fact.CreateSucceeded(7), // it may be gone, and the later request's droplet there
            new Fact.NothingFound(LATER),
            new Fact.LookUpFailed(Duration.ofSeconds(1), "503"))
        .map(fact -> Arguments.of(fact));
  }

  /** A late "not taken" would allow a third request while the second is out: two droplets. */
  @ParameterizedTest
  @MethodSource("overtaken")
  void anAnswerToAnEarlierAttemptSaysNothingAboutThisOne(Fact late) {
    assertThat(result(SECOND_ATTEMPT, FIRST_ATTEMPT, late)).isInstanceOf(Ignored.class);
    assertThat(result(FIRST_ATTEMPT, FIRST_ATTEMPT, late)).isInstanceOf(Changed.class);
  }

  /** It would be adopted for the new generation, and the new droplet be lost sight of. */
  @Test
  void aDropletOfAnEarlierGenerationIsNotTheNewOne() {
    var replaced = ofNextGeneration(new Creating(7L, 1, true, UNTIL, NOW, LATER));
    assertThat(result(replaced, FIRST_ATTEMPT, new Fact.CreateSucceeded(7)))
        .isInstanceOf(Ignored.class);
  }

  @Test
  void aDropletThatWasMadeAfterAllIsRemoved() {
    var deleting = toolbox(new Deprovisioned(null));
    assertThat(result(deleting, FIRST_ATTEMPT, new Fact.CreateSucceeded(7)))
        .isInstanceOfSatisfying(
            Changed.class,
            c ->
                assertThat(((Toolbox) c.to()).state())
                    .isEqualTo(new Deprovisioned(Removal.of(7L, NOW, NOW))));
  }

  /** The toolbox would count as deleted while its second droplet runs on. */
  @Test
  void theOldDropletsEndIsNotTheNewOnes() {
    var replacing = toolbox(new Replacing(7L, Removal.of(7L, NOW, NOW), LATER));
    var deleting = ofNextGeneration(new Deprovisioning(Removal.of(8L, NOW, NOW), LATER));
    assertThat(result(deleting, replacing, new Fact.DropletsGone())).isInstanceOf(Ignored.class);
    var restarted = toolbox(new Replacing(8L, Removal.of(8L, NOW, NOW), LATER));
    assertThat(result(restarted, replacing, new Fact.DropletsGone())).isInstanceOf(Ignored.class);
    assertThat(result(replacing, replacing, new Fact.DropletsGone())).isInstanceOf(Changed.class);
  }

  /** A removal that was overtaken reads a list on which the next droplet stands already. */
  @Test
  void aLateRemovalSparesTheDropletThatWasMadeSince() {
    var removal = Removal.of(7L, NOW, NOW);
    var deleting = toolbox(new Deprovisioning(removal, LATER));
    var replacing = toolbox(new Replacing(7L, removal, LATER));
    var before = FIRST_ATTEMPT.dropletName();
    var after = ofNextGeneration(FIRST_ATTEMPT.state()).dropletName();
    assertThat(deleting.isMadeLater(before)).isFalse();
    assertThat(deleting.isMadeLater(after)).isTrue();
    assertThat(replacing.isMadeLater(before)).isTrue();
    assertThat(deleting.isMadeLater("renamed by hand")).isFalse();
  }

  /** A list asked for too early proves nothing, however late its answer is stored. */
  @Test
  void aListCountsForTheMomentItWasAskedFor() {
    for (var askedAt : List.of(UNTIL.minusNanos(1), UNTIL)) {
      var outcome =
          new Lifecycle(DEADLINES)
              .apply(FIRST_ATTEMPT, new Fact.NothingFound(askedAt), UNTIL.plusSeconds(5));
      assertThat(outcome)
          .isInstanceOfSatisfying(
              Changed.class,
              c ->
                  assertThat(((Creating) ((Toolbox) c.to()).state()).mayExist())
                      .isEqualTo(askedAt.isBefore(UNTIL)));
    }
  }

  private static Transition<Toolbox, Event> result(Toolbox toolbox, Toolbox begun, Fact late) {
    return new Lifecycle(DEADLINES).applyResult(toolbox, begun, late, NOW);
  }

  private static Toolbox ofNextGeneration(ToolboxState state) {
    var t = toolbox(state);
    return new Toolbox(
        t.id(),
        t.accountId(),
        t.name(),
        t.region(),
        t.size(),
        t.generation() + 1,
        t.told(),
        t.failedBoots(),
        t.traceparent(),
        t.createdAt(),
        t.state());
  }
}
