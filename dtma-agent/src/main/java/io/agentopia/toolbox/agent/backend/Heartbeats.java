package io.agentopia.toolbox.agent.backend;

import io.agentopia.toolbox.agent.loop.Retries;
import io.agentopia.toolbox.agent.upgrade.WantedImage;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jboss.logging.Logger;

/**
 * Tells the control plane every few seconds that the agent lives, and hears what is new. Everything
 * it tells was gathered by others: nothing slow may hold a heartbeat up.
 */
public final class Heartbeats {
  private static final Logger LOG = Logger.getLogger(Heartbeats.class);
  private static final int LONGEST_INTERVAL = 3_600;

  /** Who wants to know what a reply says. */
  public interface Listener {
    /** The control plane's newest manifest generation. */
    void manifestGeneration(long generation);

    /** It answers again after it did not. */
    void backInTouch();

    void restartAsked(String commandId);

    /**
     * A beat was accepted.
     *
     * @param dockerReachable what it said of Docker
     * @param wanted the image that the agent shall run from, or null
     */
    void accepted(boolean dockerReachable, WantedImage wanted);
  }

  /**
   * @param lastOkAt null before the first answer
   * @param outcome {@code ok}, or what came instead
   */
  public record Condition(
      Instant lastAttemptAt, Instant lastOkAt, String outcome, long sent, long failed) {}

  private final ControlPlaneSession session;
  private final LongFunction<Wire.Heartbeat> compose;
  private final Listener listener;
  private final Consumer<Condition> told;
  private final Retries retries;
  private final Renewal renewal;
  private long sequence;
  private long failed;
  private Instant lastOkAt;
  private int intervalSeconds;

  /**
   * @param compose sequence to heartbeat; must not block
   */
  public Heartbeats(
      ControlPlaneSession session,
      LongFunction<Wire.Heartbeat> compose,
      Listener listener,
      Consumer<Condition> told) {
    this.session = session;
    this.compose = compose;
    this.listener = listener;
    this.told = told;
    this.retries = session.retries();
    this.renewal = new Renewal(session);
    this.intervalSeconds = session.state().current().identity().heartbeatSeconds();
  }

  /** Sends one; returns the pause until the next, or null when there shall be none. */
  public Duration beat() throws InterruptedException {
    var at = session.now();
    var beat = compose.apply(++sequence);
    var answer = session.controlPlane().heartbeat(session.token(), beat);
    return switch (answer) {
      case Answer.Ok<Wire.HeartbeatReply>(var reply) -> heard(beat, reply, at);
      case Answer.Gone<Wire.HeartbeatReply>(var detail) -> gone(detail, at);
      case Answer.Unauthorized<Wire.HeartbeatReply> no -> refused(no, at);
      case Answer.Failed<Wire.HeartbeatReply> no -> unheard(no, at);
    };
  }

  private Duration heard(Wire.Heartbeat beat, Wire.HeartbeatReply reply, Instant at) {
    lastOkAt = session.now();
    told.accept(new Condition(at, lastOkAt, "ok", sequence, failed));
    session.state().updateAnyway(s -> s.withIdentity(reply.renewed(s.identity())));
    if (!reply.backendUrls().isEmpty()) {
      session.state().updateAnyway(s -> s.calledAt(reply.backendUrls()));
    }
    if (reply.heartbeatSeconds() != null && reply.heartbeatSeconds() > 0) {
      intervalSeconds = Math.min(reply.heartbeatSeconds(), LONGEST_INTERVAL);
    }
    if (retries.succeeded()) {
      LOG.info("Heartbeat answered again");
      listener.backInTouch();
    }
    listener.manifestGeneration(reply.manifestGeneration());
    listener.accepted(beat.engine().dockerReachable(), reply.agentImage());
    reply.commands().forEach(this::obey);
    // Measured from the start of this beat: a slow answer does not slow the rhythm.
    var interval = session.timing().jittered(Duration.ofSeconds(Math.max(1, intervalSeconds)));
    return interval.minus(Duration.between(at, session.now()));
  }

  private void obey(Wire.Command command) {
    if (!"restart_agent".equals(command.type()) || command.id() == null) {
      LOG.infof("Command unknown, ignored type=%s id=%s", command.type(), command.id());
      return;
    }
    if (session.state().current().progress().handledCommands().contains(command.id())) {
      return;
    }
    // Noted first: a command that is delivered twice must not restart the agent twice.
    session.state().updateAnyway(s -> s.handled(command.id()));
    listener.restartAsked(command.id());
  }

  private Duration gone(String detail, Instant at) {
    told.accept(new Condition(at, lastOkAt, detail, sequence, ++failed));
    session.gone().accept(detail);
    return null;
  }

  /** After the first refusal a renewed token is used at once; if it is refused too, slowly. */
  private Duration refused(Answer.Unauthorized<Wire.HeartbeatReply> no, Instant at)
      throws InterruptedException {
    var pause = unheard(no, at);
    return renewal.attempt() && retries.failures() == 1 ? Duration.ZERO : pause;
  }

  private Duration unheard(Answer.Failed<Wire.HeartbeatReply> no, Instant at) {
    var pause = soonEnough(no, session.pauseAfter(no, retries));
    told.accept(new Condition(at, lastOkAt, no.detail(), sequence, ++failed));
    LOG.warnf(
        "Heartbeat failed, tried again attempt=%d pause=%ds found=\"%s\" next=\"%s\"",
        retries.failures(), pause.toSeconds(), no.detail(), advice(no));
    return pause;
  }

  /**
   * While nobody answers, beats come as often as they would: an agent that stayed away for longer
   * after the control plane was back would be taken for a silent one. The jitter spreads them.
   */
  private Duration soonEnough(Answer.Failed<?> no, Duration pause) {
    if (!(no instanceof Answer.Unavailable<?>)) {
      return pause;
    }
    var usual = session.timing().jittered(Duration.ofSeconds(Math.max(1, intervalSeconds)));
    return pause.compareTo(usual) < 0 ? pause : usual;
  }

  private static String advice(Answer.Failed<?> no) {
    return no instanceof Answer.Unavailable<?>
        ? "nothing if it passes; else check the network and the API gateway"
        : "the token is renewed if it can be; the tools keep running; if it stays so, recreate the toolbox";
  }
}
