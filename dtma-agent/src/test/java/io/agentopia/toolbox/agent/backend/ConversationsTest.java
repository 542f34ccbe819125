package io.agentopia.toolbox.agent.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.agent.identity.Identity;
import io.agentopia.toolbox.agent.identity.StateFile;
import io.agentopia.toolbox.agent.identity.StateStore;
import io.agentopia.toolbox.agent.loop.Backoff;
import io.agentopia.toolbox.agent.loop.Timing;
import io.agentopia.toolbox.agent.reconcile.ToolsSnapshot;
import io.agentopia.toolbox.agent.tools.Manifest;
import io.agentopia.toolbox.agent.upgrade.WantedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When beats and reports are sent, without a network or a second of waiting. */
class ConversationsTest {
  private static final int HEARTBEAT_SECONDS = 10;

  /** After this much silence a toolbox is degraded; half of it is what an agent may add. */
  private static final Duration SILENCE = Duration.ofSeconds(30);

  @TempDir Path directory;
  private final Random random = new Random(5);
  private final List<Wire.Report> reports = new ArrayList<>();
  private Instant now = Instant.parse("2026-11-27T12:00:00Z");
  private Answer<Wire.HeartbeatReply> heartbeatAnswer;
  private Answer<Void> reportAnswer = new Answer.Ok<>(null);
  private StateStore state;

  private final ControlPlane controlPlane =
      new ControlPlane() {
        @Override
        public Answer<Identity> join(String joinToken, Wire.JoinRequest request) {
          throw new IllegalStateException("it has joined");
        }

        @Override
        public Answer<Wire.HeartbeatReply> heartbeat(String token, Wire.Heartbeat heartbeat) {
          return heartbeatAnswer;
        }

        @Override
        public Answer<Wire.Credentials> renew(String token, Wire.Renewal renewal) {
          return new Answer.Unauthorized<>("no");
        }

        @Override
        public Answer<Manifest> manifest(String token) {
          throw new IllegalStateException("nobody asks for it");
        }

        @Override
        public Answer<Void> report(String token, Wire.Report report) {
          reports.add(report);
          return reportAnswer;
        }
      };

  private final Clock clock =
      new Clock() {
        @Override
        public Instant instant() {
          return now;
        }

        @Override
        public ZoneOffset getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
          return this;
        }
      };

  @BeforeEach
  void hasJoined() throws IOException {
    state = StateStore.open(new StateFile(directory));
    var identity =
        new Identity(
            UUID.randomUUID(), "acct-1", 1, "token", now, "key", List.of(), HEARTBEAT_SECONDS);
    state.update(s -> s.joined(identity));
  }

  private ControlPlaneSession link() {
    return new ControlPlaneSession(
        controlPlane,
        state,
        new Timing(clock, random::nextDouble),
        new ControlPlaneSession.Pauses(
            new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60)),
            new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5))),
        detail -> {});
  }

  private Heartbeats heartbeats() {
    return new Heartbeats(
        link(),
        n ->
            new Wire.Heartbeat(
                n,
                0,
                new Wire.Self("1", "b", 1, null, null, null),
                new Wire.Engine(true, "28", "classic", 0L),
                null,
                List.of()),
        new Heartbeats.Listener() {
          @Override
          public void manifestGeneration(long generation) {}

          @Override
          public void backInTouch() {}

          @Override
          public void restartAsked(String commandId) {}

          @Override
          public void accepted(boolean dockerReachable, WantedImage wanted) {}
        },
        condition -> {});
  }

  /** However long nobody answered: once somebody does, the next beat comes in time. */
  @ParameterizedTest
  @ValueSource(ints = {0, 2, 3600})
  void whileNobodyAnswersBeatsComeOftenEnough(int retryAfterSeconds) throws Exception {
    heartbeatAnswer =
        new Answer.Unavailable<>(
            "HTTP 503", retryAfterSeconds == 0 ? null : Duration.ofSeconds(retryAfterSeconds));
    var beats = heartbeats();
    var pauses = new ArrayList<Duration>();
    for (var i = 0; i < 200; i++) {
      pauses.add(beats.beat());
    }
    assertThat(pauses).allMatch(p -> p.compareTo(SILENCE.dividedBy(2)) < 0);
    assertThat(pauses.stream().skip(10).distinct()).as("spread by chance").hasSizeGreaterThan(50);
  }

  @Test
  void whatIsRefusedIsTriedSlowly() throws Exception {
    heartbeatAnswer = new Answer.Refused<>(400, "no");
    var beats = heartbeats();
    for (var i = 0; i < 20; i++) {
      beats.beat();
    }
    assertThat(beats.beat()).isGreaterThan(Duration.ofMinutes(2));
  }

  private ToolsSnapshot outlook() {
    return new ToolsSnapshot(now, true, 3, 3, List.of());
  }

  @Test
  void reportsAreNumberedAndTheLastIsRepeatedNowAndThen() throws Exception {
    var conversation = new Reports(link(), this::outlook);
    assertThat(conversation.send()).isZero();
    var pause = conversation.send();
    assertThat(reports).hasSize(1);
    now = now.plus(pause);
    conversation.send();
    assertThat(reports).extracting(Wire.Report::start).containsExactly(1L, 1L);
    assertThat(reports).extracting(Wire.Report::number).containsExactly(1L, 2L);
  }

  @Test
  void aClockThatIsSetBackStopsNothing() throws Exception {
    var conversation = new Reports(link(), this::outlook);
    conversation.send();
    now = now.minus(Duration.ofDays(300));
    conversation.send();
    assertThat(reports).extracting(Wire.Report::number).containsExactly(1L, 2L);
  }

  @Test
  void anotherStartCountsOnWhateverTheClockSays() throws Exception {
    new Reports(link(), this::outlook).send();
    state = StateStore.open(new StateFile(directory));
    now = now.minus(Duration.ofHours(5));
    new Reports(link(), this::outlook).send();
    assertThat(reports).extracting(Wire.Report::start).containsExactly(1L, 2L);
    assertThat(reports).extracting(Wire.Report::number).containsExactly(1L, 1L);
  }

  @Test
  void oneThatWasNotTakenIsSentUnderANumberOfItsOwn() throws Exception {
    reportAnswer = new Answer.Unavailable<>("HTTP 503", null);
    var conversation = new Reports(link(), this::outlook);
    conversation.send();
    reportAnswer = new Answer.Ok<>(null);
    conversation.send();
    assertThat(reports).extracting(Wire.Report::number).containsExactly(1L, 2L);
  }
}
