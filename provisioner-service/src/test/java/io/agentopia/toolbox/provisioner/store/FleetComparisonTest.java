package io.agentopia.toolbox.provisioner.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.provisioner.fleet.Comparison;
import io.agentopia.toolbox.provisioner.toolbox.Deadlines;
import io.agentopia.toolbox.provisioner.toolbox.Fact;
import io.agentopia.toolbox.provisioner.toolbox.Lifecycle;
import io.agentopia.toolbox.provisioner.toolbox.Toolbox;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.*;
import io.agentopia.toolbox.runtime.lifecycle.Transition.Changed;
import io.agentopia.toolbox.testing.Told;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The comparison reads less than the lifecycle, and must come to the same: a fact that would change
 * a toolbox is never left out, and one that would not opens no transaction.
 */
class FleetComparisonTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final Instant LATER = NOW.plusSeconds(60);
  private static final Set<String> NEED_THEIR_STATE = Set.of("Booting", "Unresponsive");
  private static final long DROPLET = 41;
  private static final String HERE = "203.0.113.1";
  private static final Agent AGENT = new Agent("0.1.0", 30000);
  private final Lifecycle lifecycle =
      new Lifecycle(
          new Deadlines(
              Duration.ofMinutes(10),
              Duration.ofMinutes(5),
              Duration.ofMinutes(10),
              Duration.ofMinutes(30),
              Duration.ofSeconds(20)));

  static Stream<ToolboxState> watched() {
    return Stream.of(
        new Booting(DROPLET, false, null, LATER),
        new Booting(DROPLET, true, null, LATER),
        new Booting(DROPLET, true, AGENT, LATER),
        new AwaitingHeartbeat(DROPLET, HERE, null, LATER),
        new AwaitingHeartbeat(DROPLET, HERE, AGENT, LATER),
        new Active(DROPLET, HERE, AGENT),
        new Unresponsive(DROPLET, HERE, AGENT, "heartbeat_missing", false),
        new Unresponsive(DROPLET, HERE, AGENT, "droplet_lost", true));
  }

  @ParameterizedTest
  @MethodSource("watched")
  void whatTheListShowsIsNewsWhereTheLifecycleSaysSo(ToolboxState state) {
    for (var active : new boolean[] {false, true}) {
      for (var ipv4 : new String[] {null, HERE, "203.0.113.2"}) {
        var seen = new Fact.DropletSeen(DROPLET, active, ipv4);
        var news = compare(state, List.of(seen)).news();
        assertThat(!news.isEmpty()).as("%s of %s", seen, state).isEqualTo(changes(state, seen));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("watched")
  void whatTheListDoesNotShowIsMissingWhereItsLossWouldBeNews(ToolboxState state) {
    var missing = compare(state, List.of(new Fact.DropletSeen(DROPLET + 1, true, HERE))).missing();
    assertThat(!missing.isEmpty()).isEqualTo(changes(state, new Fact.DropletMissing(DROPLET)));
  }

  @ParameterizedTest
  @MethodSource("watched")
  void whatTheListShowsIsAskedForWhereItWasLost(ToolboxState state) {
    var found = compare(state, List.of(new Fact.DropletSeen(DROPLET, true, HERE))).found();
    assertThat(!found.isEmpty()).isEqualTo(changes(state, new Fact.DropletFound(DROPLET, HERE)));
    assertThat(compare(state, List.of()).found()).isEmpty();
  }

  private boolean changes(ToolboxState state, Fact fact) {
    return lifecycle.apply(toolbox(state), fact, NOW) instanceof Changed<Toolbox, Event>;
  }

  /** As the database gives it. */
  private Comparison compare(ToolboxState state, List<Fact.DropletSeen> listed) {
    var row = AccountToolEnvironment.of(toolbox(state), null, NOW);
    var json = NEED_THEIR_STATE.contains(row.stateType) ? row.state : null;
    return Comparison.of(
        List.of(FleetTable.watched(row.id, row.dropletId, row.ipv4, row.stateType, json)), listed);
  }

  private Toolbox toolbox(ToolboxState state) {
    var row = AccountToolEnvironment.of(accepted(), null, NOW);
    row.stateType = StateCodec.type(state);
    row.state = StateCodec.write(state);
    return row.toToolbox();
  }

  private Toolbox accepted() {
    var request =
        Told.toolboxRequested(
            new Subject(UUID.randomUUID(), "acct", 0, 0), "name", "nyc3", "s-1vcpu-1gb");
    return ((Changed<Toolbox, Event>) lifecycle.accept(request, null, NOW)).to();
  }
}
