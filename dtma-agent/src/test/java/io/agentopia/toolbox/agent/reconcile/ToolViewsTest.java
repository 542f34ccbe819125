package io.agentopia.toolbox.agent.reconcile;

import static io.agentopia.toolbox.agent.tools.Samples.IMAGE;
import static io.agentopia.toolbox.agent.tools.Samples.NOW;
import static io.agentopia.toolbox.agent.tools.Samples.SEARCH;
import static io.agentopia.toolbox.agent.tools.Samples.TOOLBOX;
import static io.agentopia.toolbox.agent.tools.Samples.container;
import static io.agentopia.toolbox.agent.tools.Samples.mail;
import static io.agentopia.toolbox.agent.tools.Samples.restarted;
import static io.agentopia.toolbox.agent.tools.Samples.search;
import static io.agentopia.toolbox.agent.tools.Samples.wanted;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.agent.tools.Manifest;
import io.agentopia.toolbox.agent.tools.ObservedContainer;
import io.agentopia.toolbox.agent.tools.ObservedContainer.State;
import io.agentopia.toolbox.agent.tools.WantedTool;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolViewsTest {
  private static final ToolboxNames NAMES = new ToolboxNames(TOOLBOX);
  private final ToolViews views = new ToolViews(NAMES);

  @ParameterizedTest
  @CsvSource({
    "CREATED,    starting",
    "RUNNING,    running",
    "RESTARTING, restarting",
    "PAUSED,     restarting",
    "EXITED,     restarting",
    "REMOVING,   starting",
    "DEAD,       starting"
  })
  void a_container_without_work_or_failure(State state, String status) {
    assertThat(view(search(), in(state)).status().wire()).isEqualTo(status);
  }

  @Test
  void a_tool_restarted_a_moment_ago_is_not_running_yet() {
    var c = restarted(in(State.RUNNING), 1, 9);
    assertThat(view(search(), c).status()).isEqualTo(ToolStatus.RESTARTING);
  }

  @Test
  void a_tool_restarted_long_enough_ago_runs() {
    var view = view(search(), restarted(in(State.RUNNING), 7, 10));
    assertThat(view.status()).isEqualTo(ToolStatus.RUNNING);
    assertThat(view.exitCode()).isNull();
  }

  @Test
  void two_restarts_are_no_crash_loop() {
    var view = view(search(), restarted(in(State.RESTARTING), 2, 1));
    assertThat(view.status()).isEqualTo(ToolStatus.RESTARTING);
    assertThat(view.exitCode()).isEqualTo(1);
    assertThat(view.errorCode()).isNull();
  }

  @Test
  void three_restarts_are_a_crash_loop_even_while_it_runs_for_a_moment() {
    for (var state : List.of(State.RESTARTING, State.RUNNING)) {
      var view = view(search(), restarted(in(state), 3, 1));
      assertThat(view.status()).isEqualTo(ToolStatus.FAILED);
      assertThat(view.errorCode()).isEqualTo(ErrorCode.EXITED);
      assertThat(view.exitCode()).isEqualTo(1);
      assertThat(view.message()).contains("search", "exit code 1");
    }
  }

  @Test
  void a_failed_new_revision_is_told_of_that_revision_while_the_old_container_runs() {
    var next = wanted(SEARCH, "search", "debian:nowhere", "running", 2, 0);
    var failure = new Failure(ErrorCode.IMAGE_NOT_FOUND, "no such image", null);
    var view =
        views
            .of(manifest(next), seen(in(State.RUNNING)), Map.of(), _ -> Optional.of(failure), NOW)
            .getFirst();
    assertThat(view.status()).isEqualTo(ToolStatus.FAILED);
    assertThat(view.revision()).isEqualTo(2);
    assertThat(view.containerId()).isEqualTo("a");
  }

  @Test
  void work_under_way_shows() {
    assertThat(withWork(new Action.Pull(search())).status()).isEqualTo(ToolStatus.PULLING);
    assertThat(withWork(new Action.Create(search())).status()).isEqualTo(ToolStatus.STARTING);
  }

  @Test
  void a_tool_that_shall_be_stopped_and_has_no_container_is_stopped() {
    var tool = wanted(SEARCH, "search", IMAGE, "stopped", 4, 2);
    var view = views.of(manifest(tool), seen(), Map.of(), _ -> Optional.empty(), NOW).getFirst();
    assertThat(view.status()).isEqualTo(ToolStatus.STOPPED);
    assertThat(view.revision()).isEqualTo(4);
    assertThat(view.restarts()).isEqualTo(2);
  }

  @Test
  void a_restart_still_to_be_made_is_not_claimed() {
    var tool = wanted(SEARCH, "search", IMAGE, "running", 1, 2);
    assertThat(view(tool, in(State.RUNNING)).restarts()).isZero();
    var done = new Observed(List.of(in(State.RUNNING)), Set.of(IMAGE), Map.of(SEARCH, 2L));
    assertThat(
            views
                .of(manifest(tool), done, Map.of(), _ -> Optional.empty(), NOW)
                .getFirst()
                .restarts())
        .isEqualTo(2);
  }

  @Test
  void a_container_that_is_not_wanted_is_being_removed() {
    var unwanted = container("m", NAMES.container(mail()), mail(), State.RUNNING);
    assertThat(views.of(manifest(), seen(unwanted), Map.of(), _ -> Optional.empty(), NOW))
        .singleElement()
        .satisfies(v -> assertThat(v.status()).isEqualTo(ToolStatus.REMOVING));
  }

  @Test
  void a_glance_later_the_same_crash_loop_looks_the_same() {
    var before = view(search(), restarted(in(State.RESTARTING), 5, 1));
    var after = view(search(), restarted(in(State.RUNNING), 6, 0));
    assertThat(after.observable()).isEqualTo(before.observable());
  }

  @Test
  void the_next_change_without_an_event_is_when_a_restarted_tool_counts_as_stable() {
    var c = restarted(in(State.RUNNING), 1, 4);
    assertThat(ToolViews.changesAt(List.of(c), NOW)).contains(NOW.plusSeconds(6));
    assertThat(ToolViews.changesAt(List.of(in(State.RUNNING)), NOW)).isEmpty();
  }

  private ToolView withWork(Action action) {
    return views
        .of(manifest(search()), seen(), Map.of(action.key(), action), _ -> Optional.empty(), NOW)
        .getFirst();
  }

  private ToolView view(WantedTool tool, ObservedContainer container) {
    return views
        .of(manifest(tool), seen(container), Map.of(), _ -> Optional.empty(), NOW)
        .getFirst();
  }

  private static ObservedContainer in(State state) {
    return container("a", NAMES.container(search()), search(), state);
  }

  private static Observed seen(ObservedContainer... containers) {
    return new Observed(List.of(containers), Set.of(IMAGE), Map.of());
  }

  private static Manifest manifest(WantedTool... tools) {
    return new Manifest(TOOLBOX, 1, List.of(tools));
  }
}
