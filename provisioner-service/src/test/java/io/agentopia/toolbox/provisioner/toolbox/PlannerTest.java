package io.agentopia.toolbox.provisioner.toolbox;

import static io.agentopia.toolbox.provisioner.toolbox.LifecycleTableTest.DEADLINES;
import static io.agentopia.toolbox.provisioner.toolbox.LifecycleTableTest.NOW;
import static io.agentopia.toolbox.provisioner.toolbox.LifecycleTableTest.toolbox;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.*;
import io.agentopia.toolbox.runtime.lifecycle.Transition;
import io.agentopia.toolbox.runtime.lifecycle.Transition.Changed;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlannerTest {
  private static final Instant LATER = NOW.plusSeconds(60);

  @Test
  void aNewToolboxStartsAtOnce() {
    assertThat(next(new PendingProvision(null))).isEqualTo(new Step.CreateDroplet());
  }

  @Test
  void aDropletIsAskedForOnlyWhenNoneCanExist() {
    assertThat(next(new Creating(null, 0, false, NOW, NOW, LATER)))
        .isEqualTo(new Step.CreateDroplet());
    assertThat(next(new Creating(null, 1, true, LATER, NOW, LATER)))
        .isEqualTo(new Step.LookUpDroplet());
  }

  @Test
  void aBackOffIsKeptToTheInstant() {
    var state = new Creating(null, 1, false, NOW, NOW.plusSeconds(5), LATER);
    assertThat(Planner.next(toolbox(state), NOW.plusSeconds(5).minusNanos(1)))
        .isEqualTo(new Step.Wait(NOW.plusSeconds(5)));
    assertThat(Planner.next(toolbox(state), NOW.plusSeconds(5)))
        .isEqualTo(new Step.CreateDroplet());
  }

  @Test
  void aDeadlineIsKeptToTheInstant() {
    var state = new Booting(1, false, null, LATER);
    assertThat(Planner.next(toolbox(state), LATER.minusNanos(1))).isEqualTo(new Step.Wait(LATER));
    assertThat(Planner.next(toolbox(state), LATER))
        .isEqualTo(new Step.Record(new Fact.DeadlinePassed()));
  }

  @Test
  void whatIsDoneNeedsNoFurtherLook() {
    assertThat(Planner.dueAt(toolbox(new Active(1, "203.0.113.1", null)), NOW)).isNull();
    assertThat(Planner.dueAt(toolbox(new Deprovisioned(null)), NOW)).isNull();
    assertThat(Planner.dueAt(toolbox(new ErrorProvisioning(null, null)), NOW)).isNull();
  }

  @Test
  void whatAFailedCreateMayHaveLeftIsRemoved() {
    var removal = Removal.of(7L, NOW, NOW);
    assertThat(next(new ErrorProvisioning(null, removal)))
        .isEqualTo(new Step.RemoveDroplets(removal));
    assertThat(next(new Deprovisioned(removal))).isEqualTo(new Step.RemoveDroplets(removal));
    assertThat(next(new ErrorDeprovisioning(null, removal)))
        .isEqualTo(new Step.RemoveDroplets(removal));
  }

  /** What costs money is never left to somebody's remembering it. */
  @Test
  void whateverMustGoIsTriedEverAgain() {
    for (var state : LifecycleTableTest.states()) {
      var removals =
          Arrays.stream(state.getClass().getRecordComponents())
              .filter(c -> c.getType() == Removal.class)
              .map(c -> read(c, state))
              .filter(Objects::nonNull)
              .count();
      if (removals > 0) {
        assertThat(Planner.dueAt(toolbox(state), NOW)).as("%s", state).isNotNull();
      }
    }
  }

  private static Object read(RecordComponent component, ToolboxState state) {
    try {
      return component.getAccessor().invoke(state);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aDropletThatCannotBeDeletedIsTriedEveryTenMinutesUntilItIsGone() {
    var lifecycle = new Lifecycle(DEADLINES);
    var toolbox = toolbox(new Deprovisioning(Removal.of(7L, NOW, NOW), NOW));
    var now = NOW;
    toolbox = changed(lifecycle.apply(toolbox, new Fact.DeadlinePassed(), now));
    for (int day = 0; day < 3; day++) {
      assertThat(toolbox.state()).isInstanceOf(ErrorDeprovisioning.class);
      var due = Planner.dueAt(toolbox, now);
      assertThat(Duration.between(now, due)).isEqualTo(Duration.ofMinutes(10));
      now = due;
      assertThat(Planner.next(toolbox, now)).isInstanceOf(Step.RemoveDroplets.class);
      var later = new Fact.RemovalDeferred(Duration.ofSeconds(1), "500");
      toolbox = changed(lifecycle.apply(toolbox, later, now));
    }
    toolbox = changed(lifecycle.apply(toolbox, new Fact.DropletsGone(), now));
    assertThat(toolbox.state()).isEqualTo(new Deprovisioned(null));
  }

  private static Toolbox changed(Transition<Toolbox, Event> outcome) {
    return ((Changed<Toolbox, Event>) outcome).to();
  }

  /**
   * The whole story against a cloud that lags, loses answers and refuses: at every moment at most
   * one droplet, none when it is over in an error or deleted. Lifecycle and planner alone, with a
   * seeded cloud.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void atMostOneDropletWhateverTheCloudDoes(long seed) {
    for (int i = 0; i < 200; i++) {
      new Saga(new Random(seed * 1000 + i)).run();
    }
  }

  private static Step next(ToolboxState state) {
    return Planner.next(toolbox(state), NOW);
  }

  /** A toy world around the pure core: droplets with the time from which a list shows them. */
  private static final class Saga {
    private final Lifecycle lifecycle = new Lifecycle(DEADLINES);
    private final Random random;
    private final List<long[]> droplets = new ArrayList<>(); // id, listed from (epoch seconds)
    private Toolbox toolbox = toolbox(new PendingProvision(null));
    private Instant now = NOW;
    private long nextId = 100;

    Saga(Random random) {
      this.random = random;
    }

    void run() {
      var deleteAt = random.nextInt(40);
      for (int step = 0; step < 400; step++) {
        if (step == deleteAt) {
          apply(new Fact.DeletionRequested(false, null));
        }
        perform(Planner.next(toolbox, now));
        assertThat(droplets.size())
            .as("live droplets in %s", toolbox.state())
            .isLessThanOrEqualTo(1);
        now = now.plusMillis(random.nextInt(3000));
      }
      assertThat(toolbox.state()).isInstanceOf(Deprovisioned.class);
      assertThat(droplets).isEmpty();
    }

    private void perform(Step step) {
      switch (step) {
        case Step.Record s -> apply(s.fact());
        case Step.CreateDroplet s -> create();
        case Step.LookUpDroplet s ->
            apply(
                listed().isEmpty()
                    ? new Fact.NothingFound(now)
                    : new Fact.CreateSucceeded(listed().getFirst()[0]));
        case Step.RemoveDroplets s -> remove(s.removal());
        case Step.Wait s -> observe();
      }
    }

    private void create() {
      apply(new Fact.CreateAttempted());
      switch (random.nextInt(6)) {
        case 0 -> apply(new Fact.CreateDeferred(Duration.ofSeconds(random.nextInt(30)), "429"));
        case 1 -> apply(new Fact.CreateUnsure("503, nothing created"));
        case 2 -> {
          add();
          apply(new Fact.CreateUnsure("time-out after success"));
        }
        case 3 -> add(); // crash: nobody hears of it
        default -> apply(new Fact.CreateSucceeded(add()));
      }
    }

    private long add() {
      droplets.add(new long[] {++nextId, now.plusSeconds(random.nextInt(15)).getEpochSecond()});
      return nextId;
    }

    private List<long[]> listed() {
      return droplets.stream().filter(d -> d[1] <= now.getEpochSecond()).toList();
    }

    private void remove(Removal removal) {
      if (random.nextInt(4) == 0) {
        apply(new Fact.RemovalDeferred(Duration.ofSeconds(2), "500"));
        return;
      }
      var ids = new ArrayList<>(listed().stream().map(d -> d[0]).toList());
      if (removal.dropletId() != null) {
        ids.add(removal.dropletId());
      }
      var wasAny = droplets.removeIf(d -> ids.contains(d[0]));
      apply(
          !wasAny && !now.isBefore(removal.maybeUntil())
              ? new Fact.DropletsGone()
              : new Fact.RemovalDeferred(Duration.ofSeconds(1), "under way"));
    }

    private void observe() {
      listed().forEach(d -> apply(new Fact.DropletSeen(d[0], true, "203.0.113.1")));
      if (random.nextInt(5) == 0) {
        apply(new Fact.AgentJoined(new Agent("0.1.0", 30000)));
      }
      if (random.nextInt(5) == 0) {
        apply(new Fact.AgentHealthy());
      }
    }

    private void apply(Fact fact) {
      if (lifecycle.apply(toolbox, fact, now) instanceof Changed<Toolbox, Event> changed) {
        toolbox = changed.to();
      }
    }
  }
}
