package io.agentopia.toolbox.agent.reconcile;

import static io.agentopia.toolbox.agent.tools.Samples.IMAGE;
import static io.agentopia.toolbox.agent.tools.Samples.SEARCH;
import static io.agentopia.toolbox.agent.tools.Samples.TOOLBOX;
import static io.agentopia.toolbox.agent.tools.Samples.container;
import static io.agentopia.toolbox.agent.tools.Samples.mail;
import static io.agentopia.toolbox.agent.tools.Samples.search;
import static io.agentopia.toolbox.agent.tools.Samples.wanted;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.agent.tools.Manifest;
import io.agentopia.toolbox.agent.tools.ObservedContainer;
import io.agentopia.toolbox.agent.tools.ObservedContainer.State;
import io.agentopia.toolbox.agent.tools.Port;
import io.agentopia.toolbox.agent.tools.WantedTool;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReconcilePlannerTest {
  private static final int AGENT_PORT = 30_000;
  private static final ToolboxNames NAMES = new ToolboxNames(TOOLBOX);
  private final ReconcilePlanner planner = new ReconcilePlanner(NAMES, AGENT_PORT);

  /** Every state of the container times what may be wanted of it. */
  @ParameterizedTest(name = "{0}: same -> {1}, stopped -> {2}, new revision -> {3}, restart -> {4}")
  @CsvSource({
    "absent,     Create,  Nothing, Create,  Create",
    "CREATED,    Start,   Nothing, Replace, Start",
    "RUNNING,    Nothing, Stop,    Replace, Restart",
    "RESTARTING, Nothing, Stop,    Replace, Restart",
    "PAUSED,     Restart, Stop,    Replace, Restart",
    "EXITED,     Start,   Nothing, Replace, Start",
    "REMOVING,   Nothing, Nothing, Nothing, Nothing",
    "DEAD,       Remove,  Nothing, Remove,  Remove"
  })
  void one_tool(
      String state, String same, String stopped, String newRevision, String restartAsked) {
    var found = found(state);
    assertThat(planned(search(), found)).isEqualTo(same);
    assertThat(planned(wish("stopped", 1, 0), found)).isEqualTo(stopped);
    assertThat(planned(wish("running", 2, 0), found)).isEqualTo(newRevision);
    assertThat(planned(wish("running", 1, 1), found)).isEqualTo(restartAsked);
  }

  @Test
  void an_image_that_is_not_there_is_pulled_first() {
    var observed = new Observed(List.of(), Set.of(), Map.of());
    assertThat(plan(observed, search())).containsExactly(new Action.Pull(search()));
  }

  @Test
  void the_old_container_keeps_running_while_the_new_revisions_image_is_pulled() {
    var next = wanted(SEARCH, "search", "debian:trixie-slim", "running", 2, 0);
    var observed = seen(running(search()));
    assertThat(plan(observed, next)).containsExactly(new Action.Pull(next));
  }

  @Test
  void a_changed_entry_of_the_same_revision_is_replaced_too() {
    var changed =
        wanted(SEARCH, "search", IMAGE, "running", 1, 0, List.of(new Port(80, 8080, "tcp")));
    var old = running(search());
    assertThat(plan(seen(old), changed)).containsExactly(new Action.Replace(changed, old));
  }

  @Test
  void a_restart_that_was_made_in_place_is_not_made_again() {
    var tool = wish("running", 1, 3);
    var observed = new Observed(List.of(running(search())), Set.of(IMAGE), Map.of(SEARCH, 3L));
    assertThat(plan(observed, tool)).singleElement().isInstanceOf(Action.Nothing.class);
  }

  @Test
  void several_rises_of_restarts_at_once_are_one_restart() {
    var tool = wish("running", 1, 5);
    assertThat(plan(seen(running(search())), tool))
        .containsExactly(new Action.Restart(tool, running(search())));
  }

  @Test
  void a_container_whose_tool_left_the_manifest_is_removed() {
    var gone = running(mail());
    assertThat(plan(seen(running(search()), gone), search()))
        .containsExactly(
            new Action.Nothing(search(), "runs as wanted"),
            new Action.Remove(gone, "not in the manifest"));
  }

  @Test
  void a_container_of_ours_without_a_readable_tool_is_removed() {
    var c = running(search());
    var nameless =
        new ObservedContainer(
            "x", "x", IMAGE, new ObservedContainer.Origin(null, null, 0, 0, null), c.run(), null);
    assertThat(plan(seen(c, nameless), search()))
        .contains(new Action.Remove(nameless, "not in the manifest"));
  }

  @Test
  void an_empty_manifest_removes_everything() {
    assertThat(plan(seen(running(search()), running(mail()))))
        .hasSize(2)
        .allMatch(Action.Remove.class::isInstance);
  }

  @Test
  void a_replacement_left_behind_by_a_crash_is_removed_before_anything_else() {
    var next = wish("running", 2, 0);
    var leftover = container("b", NAMES.replacement(next), next, State.CREATED);
    assertThat(
            plan(
                seen(container("a", NAMES.container(next), search(), State.EXITED), leftover),
                next))
        .containsExactly(new Action.Remove(leftover, "second container of the tool"));
  }

  @Test
  void a_replacement_that_took_over_and_lost_its_agent_gets_its_name() {
    var next = wish("running", 2, 0);
    var alone = container("b", NAMES.replacement(next), next, State.RUNNING);
    assertThat(plan(seen(alone), next)).containsExactly(new Action.Rename(next, alone));
  }

  /** Its replacement could not be made for ever: the name for it was taken by itself. */
  @Test
  void it_gets_its_name_first_even_when_it_is_outdated_by_now() {
    var alone = container("b", NAMES.replacement(search()), search(), State.RUNNING);
    var next = wish("running", 2, 0);
    assertThat(plan(seen(alone), next)).containsExactly(new Action.Rename(next, alone));
  }

  @Test
  void the_agents_own_port_is_refused() {
    var greedy =
        wanted(SEARCH, "search", IMAGE, "running", 1, 0, List.of(new Port(80, AGENT_PORT, "tcp")));
    assertThat(plan(seen(), greedy))
        .singleElement()
        .isInstanceOfSatisfying(
            Action.Refuse.class, r -> assertThat(r.why()).contains("30000", "agent's own"));
  }

  @Test
  void a_name_that_is_no_container_name_is_refused_and_others_go_on() {
    var bad = wanted(SEARCH, "../etc", IMAGE, "running", 1, 0);
    assertThat(plan(seen(), bad, mail()))
        .extracting(a -> a.getClass().getSimpleName())
        .containsExactly("Refuse", "Create");
  }

  private String planned(WantedTool tool, Observed observed) {
    assertThat(plan(observed, tool)).hasSize(1);
    return plan(observed, tool).getFirst().getClass().getSimpleName();
  }

  private List<Action> plan(Observed observed, WantedTool... tools) {
    return planner.plan(new Manifest(TOOLBOX, 1, List.of(tools)), observed);
  }

  private static WantedTool wish(String desired, long revision, long restarts) {
    return wanted(SEARCH, "search", IMAGE, desired, revision, restarts);
  }

  private static Observed found(String state) {
    return "absent".equals(state)
        ? seen()
        : seen(container("a", NAMES.container(search()), search(), State.valueOf(state)));
  }

  private static ObservedContainer running(WantedTool tool) {
    return container("c-" + tool.name(), NAMES.container(tool), tool, State.RUNNING);
  }

  private static Observed seen(ObservedContainer... containers) {
    return new Observed(List.of(containers), Set.of(IMAGE), Map.of());
  }
}
