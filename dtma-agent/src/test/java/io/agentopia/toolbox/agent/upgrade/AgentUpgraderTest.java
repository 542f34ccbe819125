package io.agentopia.toolbox.agent.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.agent.docker.CheckedPull;
import io.agentopia.toolbox.agent.docker.InMemoryDocker;
import io.agentopia.toolbox.agent.identity.StateFile;
import io.agentopia.toolbox.agent.identity.StateStore;
import io.agentopia.toolbox.agent.loop.Backoff;
import io.agentopia.toolbox.agent.loop.Loop;
import io.agentopia.toolbox.agent.loop.Timing;
import io.agentopia.toolbox.agent.tools.PinnedImage;
import io.agentopia.toolbox.agent.tools.Samples;
import io.agentopia.toolbox.agent.upgrade.Upgrade.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The moves carried out step by step, with a clock set by hand. */
class AgentUpgraderTest {
  private static final String OLD = "docker.io/agentopia/dtma@sha256:" + "4a".repeat(32);
  private static final String NEW = "docker.io/agentopia/dtma@sha256:" + "7c".repeat(32);
  private static final String NEW_ELSEWHERE = "ghcr.io/agentopia/dtma@sha256:" + "7c".repeat(32);
  private static final String THIRD = "docker.io/agentopia/dtma@sha256:" + "9d".repeat(32);
  private static final Duration FORGET = Duration.ofMinutes(10);

  @TempDir Path temp;
  private final InMemoryDocker docker = new InMemoryDocker();
  private final List<String> restarts = new ArrayList<>();
  private final AgentUpgrader.Agent agent =
      new AgentUpgrader.Agent() {
        @Override
        public boolean isActing() {
          return acting;
        }

        @Override
        public void wakeUpgrade() {}

        @Override
        public void tellUpgrade() {}

        @Override
        public void restart(String why) {
          restarts.add(why);
        }
      };
  private final List<String> pulled = new ArrayList<>();
  private Instant now = Samples.NOW;
  private boolean acting;
  private StateStore state;
  private AgentUpgrader upgrader;

  @BeforeEach
  void anAgent() throws IOException {
    start(OLD);
  }

  @Test
  void confirms_its_image_at_the_first_beat_that_was_accepted_and_saw_docker() {
    upgrader.accepted(false, null);
    assertThat(upgrade("confirmed")).doesNotExist();
    upgrader.accepted(true, null);
    assertThat(upgrade("confirmed")).hasContent(OLD);
  }

  @Test
  void an_image_that_is_not_confirmed_leads_to_no_other() {
    docker.withRemoteImage(NEW);
    upgrader.accepted(false, wanted(NEW));
    assertThat(upgrader.step()).isEqualTo(Loop.UNTIL_WOKEN);
    assertThat(docker.calls()).isEmpty();
    upgrader.accepted(true, wanted(NEW));
    upgrader.step();
    assertThat(docker.calls()).containsExactly("pull " + NEW);
  }

  @Test
  void pulls_says_so_leaves_word_for_the_droplet_and_ends() throws IOException {
    docker.withRemoteImage(NEW_ELSEWHERE);
    upgrader.accepted(true, wanted(NEW, NEW_ELSEWHERE));
    upgrader.step();
    assertThat(upgrader.shown()).contains(new Upgrade(NEW_ELSEWHERE, Outcome.STARTING, null));
    assertThat(restarts).as("a heartbeat says so first").isEmpty();
    upgrader.accepted(true, wanted(NEW, NEW_ELSEWHERE));
    assertThat(upgrader.step()).isNull();
    assertThat(restarts).hasSize(1);
    assertThat(upgrade("next")).hasContent(NEW_ELSEWHERE);
    assertThat(pulled).containsExactly(NEW_ELSEWHERE);
    assertThat(docker.calls()).containsExactly("pull " + NEW, "pull " + NEW_ELSEWHERE);
    assertThat(stored().former()).isEqualTo(OLD);
  }

  @Test
  void an_image_that_is_there_is_not_pulled() {
    docker.withImage(NEW);
    upgrader.accepted(true, wanted(NEW));
    upgrader.step();
    assertThat(upgrader.shown().orElseThrow().outcome()).isEqualTo(Outcome.STARTING);
    assertThat(docker.calls()).isEmpty();
  }

  @Test
  void a_heartbeat_that_cannot_be_sent_does_not_hold_the_move_up() {
    docker.withImage(NEW);
    upgrader.accepted(true, wanted(NEW));
    upgrader.step();
    now = now.plusSeconds(4);
    assertThat(upgrader.step()).isNotNull();
    now = now.plusSeconds(1);
    assertThat(upgrader.step()).isNull();
  }

  @Test
  void an_action_on_a_tool_is_waited_for_but_not_for_ever() {
    docker.withImage(NEW);
    acting = true;
    upgrader.accepted(true, wanted(NEW));
    upgrader.step();
    upgrader.accepted(true, wanted(NEW));
    now = now.plusSeconds(59);
    assertThat(upgrader.step()).isNotNull();
    assertThat(upgrade("next")).doesNotExist();
    now = now.plusSeconds(1);
    assertThat(upgrader.step()).isNull();
  }

  @Test
  void what_no_registry_gives_is_tried_three_times_with_growing_pauses_then_it_failed() {
    upgrader.accepted(true, wanted(NEW, NEW_ELSEWHERE));
    assertThat(upgrader.step()).isEqualTo(Duration.ofSeconds(10));
    assertThat(upgrader.shown().orElseThrow().outcome()).isEqualTo(Outcome.PULLING);
    assertThat(upgrader.step()).isEqualTo(Duration.ofSeconds(20));
    assertThat(upgrader.step()).isZero();
    assertThat(upgrader.step()).isEqualTo(Loop.UNTIL_WOKEN);
    assertThat(docker.calls()).hasSize(6);
    assertThat(upgrader.shown())
        .hasValueSatisfying(
            u -> {
              assertThat(u.image()).isEqualTo(NEW);
              assertThat(u.outcome()).isEqualTo(Outcome.FAILED);
              assertThat(u.reason()).contains("in 3 tries", NEW, NEW_ELSEWHERE, "manifest unknown");
            });
    assertThat(restarts).isEmpty();
  }

  @Test
  void a_registry_that_is_back_in_time_is_enough() {
    upgrader.accepted(true, wanted(NEW));
    upgrader.step();
    docker.withRemoteImage(NEW);
    upgrader.step();
    assertThat(upgrader.shown().orElseThrow().outcome()).isEqualTo(Outcome.STARTING);
  }

  @Test
  void what_failed_is_told_until_another_image_is_wanted() throws IOException {
    failedOnTheDroplet(NEW, "it was not confirmed within 180 s");
    start(OLD);
    for (var i = 0; i < 3; i++) {
      upgrader.accepted(true, wanted(NEW));
      assertThat(upgrader.step()).isEqualTo(Loop.UNTIL_WOKEN);
      assertThat(upgrader.shown())
          .contains(new Upgrade(NEW, Outcome.FAILED, "it was not confirmed within 180 s"));
    }
    assertThat(docker.calls()).isEmpty();
    assertThat(upgrade("failed")).doesNotExist();
    start(OLD);
    assertThat(upgrader.shown()).as("remembered by the next start too").isPresent();

    docker.withImage(THIRD).withImage(NEW);
    upgrader.accepted(true, wanted(THIRD));
    upgrader.step();
    assertThat(upgrader.shown()).contains(new Upgrade(THIRD, Outcome.STARTING, null));
    upgrader.accepted(true, wanted(NEW));
    upgrader.step();
    assertThat(upgrader.shown())
        .as("asked for again after another")
        .contains(new Upgrade(NEW, Outcome.STARTING, null));
  }

  @Test
  void a_failure_is_forgotten_after_long_silence_and_not_before() throws IOException {
    failedOnTheDroplet(NEW, "it ended 3 times");
    start(OLD);
    now = now.plus(FORGET);
    upgrader.accepted(true, wanted(NEW));
    now = now.plus(FORGET).minusSeconds(1);
    upgrader.accepted(true, null);
    assertThat(upgrader.shown()).isPresent();
    now = now.plusSeconds(1);
    upgrader.accepted(true, null);
    assertThat(upgrader.shown()).isEmpty();
  }

  @Test
  void a_failure_is_over_once_the_image_runs_after_all() throws IOException {
    failedOnTheDroplet(NEW, "it ended 3 times");
    start(NEW);
    assertThat(upgrader.shown()).isEmpty();
  }

  @Test
  void a_wish_that_the_droplet_did_not_take_has_failed_so_nothing_goes_round_in_circles()
      throws IOException {
    Files.createDirectories(upgrade(""));
    Files.writeString(upgrade("next"), NEW);
    start(OLD);
    assertThat(upgrader.shown().orElseThrow().reason()).contains("run-agent");
    upgrader.accepted(true, wanted(NEW));
    assertThat(upgrader.step()).isEqualTo(Loop.UNTIL_WOKEN);
    assertThat(upgrade("next")).doesNotExist();
  }

  @Test
  void what_the_droplet_left_and_cannot_be_read_is_ignored() throws IOException {
    Files.createDirectories(upgrade(""));
    Files.writeString(upgrade("failed"), "half a li");
    start(OLD);
    assertThat(upgrader.shown()).isEmpty();
    assertThat(upgrade("failed")).doesNotExist();
  }

  @Test
  void a_refusal_is_told_while_it_is_asked_and_not_after() {
    upgrader.accepted(true, wanted("docker.io/agentopia/dtma:latest"));
    upgrader.step();
    assertThat(upgrader.shown().orElseThrow().outcome()).isEqualTo(Outcome.FAILED);
    upgrader.accepted(true, null);
    upgrader.step();
    assertThat(upgrader.shown()).isEmpty();
  }

  @Test
  void a_wish_withdrawn_during_the_pull_is_not_carried_out() {
    upgrader.accepted(true, wanted(NEW));
    upgrader.step();
    upgrader.accepted(true, null);
    docker.withRemoteImage(NEW);
    assertThat(upgrader.step()).isEqualTo(Loop.UNTIL_WOKEN);
    assertThat(upgrader.shown()).isEmpty();
  }

  @Test
  void a_disk_that_takes_no_word_for_the_droplet_is_a_failure() throws IOException {
    docker.withImage(NEW);
    upgrader.accepted(true, wanted(NEW));
    upgrader.step();
    upgrader.accepted(true, wanted(NEW));
    Files.createDirectories(upgrade("next.new"));
    assertThat(upgrader.step()).isZero();
    assertThat(upgrader.shown().orElseThrow().reason()).contains("could not be asked");
    assertThat(restarts).isEmpty();
  }

  @Test
  void the_guard_is_told_of_the_way_back_and_the_way_forward() throws IOException {
    docker.withImage(NEW);
    upgrader.accepted(true, wanted(NEW, NEW_ELSEWHERE));
    upgrader.step();
    assertThat(upgrader.images()).containsExactlyInAnyOrder(OLD, NEW, NEW_ELSEWHERE);
    upgrader.accepted(true, wanted(NEW, NEW_ELSEWHERE));
    upgrader.step();
    start(NEW);
    assertThat(upgrader.images()).containsExactlyInAnyOrder(OLD, NEW);
  }

  private void failedOnTheDroplet(String image, String reason) throws IOException {
    Files.createDirectories(upgrade(""));
    Files.writeString(upgrade("failed"), image + "\n" + reason + "\n");
  }

  private void start(String own) throws IOException {
    state = StateStore.open(new StateFile(temp));
    upgrader =
        new AgentUpgrader(
            new AgentUpgrader.Parts(
                PinnedImage.parse(own),
                state,
                new UpgradeDirectory(temp),
                new CheckedPull(docker, Duration.ofMinutes(1), pulled::add),
                new AgentUpgrader.Rules(
                    3, new Backoff(Duration.ofSeconds(10), Duration.ofMinutes(2)), FORGET),
                new Timing(clock(), () -> 1.0),
                agent));
    upgrader.begin();
  }

  private io.agentopia.toolbox.agent.identity.ImageHistory stored() throws IOException {
    return new StateFile(temp).read().orElseThrow().images();
  }

  private Path upgrade(String file) {
    return temp.resolve("upgrade").resolve(file);
  }

  private static WantedImage wanted(String... references) {
    return new WantedImage("v0.2.0", List.of(references));
  }

  private Clock clock() {
    InstantSource hands = () -> now;
    return hands.withZone(ZoneOffset.UTC);
  }
}
