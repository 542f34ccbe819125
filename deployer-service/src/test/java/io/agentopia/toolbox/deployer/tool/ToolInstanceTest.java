package io.agentopia.toolbox.deployer.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every state with every fact. A cell reads {@code -} where nothing changes, else {@code next
 * state/event}, with {@code *} where the manifest changes. States: P pending, D deploying, R
 * running, S stopped, Re restarting, F failed, Rm removing, Rd removed. Events: begun
 * (ToolDeployStarted), done (ToolDeployed), bad (ToolDeployFailed), now (ToolStatusChanged), gone
 * (ToolRemoved), none.
 */
class ToolInstanceTest {
  private static final String ON_A_HEALTHY_TOOLBOX =
      """
                          deploySame deployOther refused stop      start     restart   remove   healthy  missingEarly missing  deadline deleted  replaced toolboxRefused
      Pending           | -        | D/begun*  | P/bad | P/now   | -       | -       | Rd/gone | D/begun* | -      | -       | F/bad  | Rd/gone  | -       | F/bad
      Pending stop      | P/now    | D/begun*  | P/bad | -       | P/now   | P/now   | Rd/gone | D/begun* | -      | -       | F/bad  | Rd/gone  | -       | F/bad
      Deploying         | -        | D/begun*  | D/bad | D/now*  | -       | -       | Rm/now* | -        | -      | -       | F/bad  | Rd/gone* | P/now*  | -
      Deploying stop    | D/now*   | D/begun*  | D/bad | -       | D/now*  | D/now*  | Rm/now* | -        | -      | -       | F/bad  | Rd/gone* | P/now*  | -
      Deploying long    | -        | D/begun*  | D/bad | D/now*  | -       | -       | Rm/now* | D/none   | -      | -       | F/bad  | Rd/gone* | P/now*  | -
      Running           | -        | D/begun*  | R/bad | R/now*  | -       | Re/now* | Rm/now* | -        | Re/now | Re/now  | -      | Rd/gone* | P/now*  | -
      Running stop      | R/now*   | D/begun*  | R/bad | -       | R/now*  | Re/now* | Rm/now* | -        | Re/now | Re/now  | R/now  | Rd/gone* | P/now*  | -
      Stopped           | Re/now*  | D/begun*  | S/bad | -       | Re/now* | Re/now* | Rm/now* | -        | -      | -       | -      | Rd/gone* | P/now*  | -
      Stopped itself    | Re/now*  | D/begun*  | S/bad | S/now*  | Re/now* | Re/now* | Rm/now* | -        | -      | -       | -      | Rd/gone* | P/now*  | -
      Restarting        | -        | D/begun*  | Re/bad| Re/now* | -       | Re/now* | Rm/now* | -        | -      | -       | F/now  | Rd/gone* | P/now*  | -
      Restarting itself | -        | D/begun*  | Re/bad| Re/now* | -       | Re/now* | Rm/now* | -        | -      | -       | F/now  | Rd/gone* | P/now*  | -
      Restarting stop   | Re/now*  | D/begun*  | Re/bad| -       | Re/now* | Re/now* | Rm/now* | -        | -      | -       | F/now  | Rd/gone* | P/now*  | -
      Failed            | D/begun* | D/begun*  | F/bad | F/now*  | Re/now* | Re/now* | Rm/now* | -        | -      | -       | -      | Rd/gone* | P/now*  | -
      Failed stop       | D/begun* | D/begun*  | F/bad | -       | Re/now* | Re/now* | Rm/now* | -        | -      | -       | -      | Rd/gone* | P/now*  | -
      Failed waiting    | D/begun* | D/begun*  | F/bad | F/now   | -       | -       | Rd/gone | D/begun* | -      | -       | -      | Rd/gone  | -       | F/bad
      Failed refused    | D/begun* | D/begun*  | F/bad | -       | -       | -       | Rd/gone | -        | -      | -       | -      | Rd/gone  | -       | -
      Removing          | Rm/bad   | Rm/bad    | Rm/bad| -       | -       | -       | -       | -        | -      | Rd/gone | Rm/now | Rd/gone  | Rd/gone | -
      Removing late     | Rm/bad   | Rm/bad    | Rm/bad| -       | -       | -       | -       | -        | -      | Rd/gone | -      | Rd/gone  | Rd/gone | -
      Removed           | Rd/bad   | Rd/bad    | Rd/bad| -       | -       | -       | -       | -        | -      | -       | -      | -        | -       | -
      """;

  private static final String REPORTS =
      """
                          pulling starting running runningElsewhere stopped stoppedEarly restarting failed failedOtherwise removing oldRevision oldRestart
      Pending           | -      | -      | -      | -      | -     | -     | -      | -     | -     | - | - | -
      Pending stop      | -      | -      | -      | -      | -     | -     | -      | -     | -     | - | - | -
      Deploying         | -      | -      | R/done | R/done | S/now | S/now | -      | F/bad | F/bad | - | - | -
      Deploying stop    | -      | -      | R/done | R/done | S/now | S/now | -      | F/bad | F/bad | - | - | -
      Deploying long    | -      | -      | R/done | R/done | S/now | S/now | -      | F/bad | F/bad | - | - | -
      Running           | Re/now | Re/now | -      | R/now  | S/now | S/now | Re/now | F/now | F/now | - | - | -
      Running stop      | Re/now | Re/now | -      | R/now  | S/now | S/now | Re/now | F/now | F/now | - | - | -
      Stopped           | Re/now | Re/now | R/now  | R/now  | -     | -     | Re/now | F/now | F/now | - | - | -
      Stopped itself    | Re/now | Re/now | R/now  | R/now  | -     | -     | Re/now | F/now | F/now | - | - | -
      Restarting        | -      | -      | R/now  | R/now  | S/now | -     | -      | F/now | F/now | - | - | -
      Restarting itself | -      | -      | R/now  | R/now  | S/now | S/now | -      | F/now | F/now | - | - | -
      Restarting stop   | -      | -      | R/now  | R/now  | S/now | S/now | -      | F/now | F/now | - | - | -
      Failed            | -      | -      | R/now  | R/now  | S/now | S/now | -      | -     | F/now | - | - | -
      Failed stop       | -      | -      | R/now  | R/now  | S/now | S/now | -      | -     | F/now | - | - | -
      Failed waiting    | -      | -      | -      | -      | -     | -     | -      | -     | -     | - | - | -
      Failed refused    | -      | -      | -      | -      | -     | -     | -      | -     | -     | - | - | -
      Removing          | -      | -      | -      | -      | -     | -     | -      | -     | -     | - | - | -
      Removing late     | -      | -      | -      | -      | -     | -     | -      | -     | -     | - | - | -
      Removed           | -      | -      | -      | -      | -     | -     | -      | -     | -     | - | - | -
      """;

  /** Only what differs from the healthy one. */
  private static final String ON_A_TOOLBOX_NOT_HEALTHY =
      """
                          deployOther
      Pending           | P/now
      Deploying         | D/begun*
      Running           | D/begun*
      Stopped           | D/begun*
      Restarting        | D/begun*
      Failed            | D/begun*
      Failed waiting    | P/now
      Failed refused    | P/now
      Removing          | Rm/bad
      Removed           | Rd/bad
      """;

  private record Cell(String state, String fact, String expected) {}

  @TestFactory
  Stream<DynamicTest> onAHealthyToolbox() {
    return cells(ON_A_HEALTHY_TOOLBOX).stream().map(c -> check(c, ToolInstances.HEALTHY));
  }

  @TestFactory
  Stream<DynamicTest> whateverTheAgentReports() {
    return cells(REPORTS).stream().map(c -> check(c, ToolInstances.HEALTHY));
  }

  @TestFactory
  Stream<DynamicTest> onAToolboxThatIsNotHealthy() {
    return cells(ON_A_TOOLBOX_NOT_HEALTHY).stream().map(c -> check(c, ToolInstances.NOT_HEALTHY));
  }

  @Test
  void theTablesNameEveryStateAndEveryFact() {
    var cells = new ArrayList<>(cells(ON_A_HEALTHY_TOOLBOX));
    cells.addAll(cells(REPORTS));
    assertThat(names(cells.stream().map(c -> ToolInstances.state(c.state()).getClass())))
        .isEqualTo(names(Arrays.stream(ToolInstance.class.getPermittedSubclasses())));
    assertThat(names(cells.stream().map(c -> ToolInstances.fact(c.fact()).getClass())))
        .isEqualTo(names(Arrays.stream(ToolFact.class.getPermittedSubclasses())));
  }

  /** The tables tell where it goes; this holds for all of them. */
  @TestFactory
  Stream<DynamicTest> whatHoldsForEveryChange() {
    var cells = new ArrayList<>(cells(ON_A_HEALTHY_TOOLBOX));
    cells.addAll(cells(REPORTS));
    return cells.stream()
        .filter(c -> !c.expected().equals("-"))
        .map(c -> dynamicTest(c.state() + " + " + c.fact(), () -> invariants(c)));
  }

  private static void invariants(Cell cell) {
    var before = ToolInstances.state(cell.state());
    var changed =
        (Outcome.Changed) before.apply(ToolInstances.fact(cell.fact()), ToolInstances.HEALTHY);
    var next = changed.next();
    assertThat(next.wanted().toolInstanceId()).isEqualTo(ToolInstances.ID);
    assertThat(next.wanted().revision()).isGreaterThanOrEqualTo(before.wanted().revision());
    assertThat(next.wanted().restarts()).isGreaterThanOrEqualTo(before.wanted().restarts());
    // The manifest shows standing and wish: it changes exactly when one it lists, or listed, does.
    var shown =
        before.membership() == ManifestMembership.LISTED
            || next.membership() == ManifestMembership.LISTED;
    var differs =
        before.membership() != next.membership() || !before.wanted().equals(next.wanted());
    assertThat(changed.manifestChanged()).isEqualTo(shown && differs);
    // A later deadline than now, or none: no state is late from its start.
    next.deadline()
        .filter(d -> !before.deadline().equals(next.deadline()))
        .ifPresent(d -> assertThat(d).isAfter(ToolInstances.NOW));
  }

  private static DynamicTest check(Cell cell, DecisionContext situation) {
    return dynamicTest(
        cell.state() + " + " + cell.fact() + " -> " + cell.expected(),
        () -> {
          var outcome =
              ToolInstances.state(cell.state()).apply(ToolInstances.fact(cell.fact()), situation);
          assertThat(read(outcome)).isEqualTo(cell.expected());
        });
  }

  private static String read(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Unchanged it -> {
        assertThat(it.reason()).isNotBlank();
        yield "-";
      }
      case Outcome.Changed it ->
          state(it.next())
              + "/"
              + it.draft().map(ToolInstanceTest::event).orElse("none")
              + (it.manifestChanged() ? "*" : "");
    };
  }

  private static String state(ToolInstance tool) {
    return switch (tool) {
      case Pending t -> "P";
      case Deploying t -> "D";
      case Running t -> "R";
      case Stopped t -> "S";
      case Restarting t -> "Re";
      case Failed t -> "F";
      case Removing t -> "Rm";
      case Removed t -> "Rd";
    };
  }

  private static String event(EventDraft draft) {
    return switch (draft) {
      case EventDraft.DeployStarted n -> "begun";
      case EventDraft.Deployed n -> "done";
      case EventDraft.DeployFailed n -> "bad";
      case EventDraft.StatusChanged n -> "now";
      case EventDraft.Removed n -> "gone";
    };
  }

  private static List<Cell> cells(String table) {
    var lines = table.lines().toList();
    var facts = lines.getFirst().strip().split("\\s+");
    var cells = new ArrayList<Cell>();
    for (var line : lines.subList(1, lines.size())) {
      var parts = line.split("\\|");
      assertThat(parts).as(line).hasSize(facts.length + 1);
      for (int i = 0; i < facts.length; i++) {
        cells.add(new Cell(parts[0].strip(), facts[i], parts[i + 1].strip()));
      }
    }
    return cells;
  }

  private static TreeSet<String> names(Stream<? extends Class<?>> classes) {
    return classes.map(Class::getSimpleName).collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void aNewWishIsDeployedAtOnceOrWaits() {
    Map<String, Outcome> outcomes = new LinkedHashMap<>();
    var wish = DesiredTool.first(ToolInstances.ID, "search", ToolInstances.SPEC);
    outcomes.put("D/begun*", ToolInstance.requested(wish, ToolInstances.HEALTHY));
    outcomes.put("P/now", ToolInstance.requested(wish, ToolInstances.NOT_HEALTHY));
    outcomes.put("F/bad", ToolInstance.refused(wish, ToolInstances.TROUBLE));
    outcomes.forEach((expected, outcome) -> assertThat(read(outcome)).isEqualTo(expected));
  }
}
