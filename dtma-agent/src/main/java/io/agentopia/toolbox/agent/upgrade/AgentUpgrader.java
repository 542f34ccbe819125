package io.agentopia.toolbox.agent.upgrade;

import io.agentopia.toolbox.agent.docker.CheckedPull;
import io.agentopia.toolbox.agent.identity.StateStore;
import io.agentopia.toolbox.agent.loop.Backoff;
import io.agentopia.toolbox.agent.loop.Loop;
import io.agentopia.toolbox.agent.loop.Retries;
import io.agentopia.toolbox.agent.loop.Timing;
import io.agentopia.toolbox.agent.tools.PinnedImage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * ImageHistory the agent to the image that is wanted of it: pulls it, leaves word for the droplet's
 * script and ends. The script then tries the image, and goes back to this one unless the agent of
 * the other confirms itself; see docs/agent-protocol.md.
 */
public final class AgentUpgrader {
  private static final Logger LOG = Logger.getLogger(AgentUpgrader.class);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  /** A heartbeat shall say that the agent is about to end, but the move does not hang on it. */
  private static final Duration TELL_WITHIN = Duration.ofSeconds(5);

  /** Tools' actions shall be done, but one that hangs shall not hold the move up for ever. */
  private static final Duration CALM_WITHIN = Duration.ofMinutes(1);

  /**
   * @param tries of all registries, before an image has failed
   * @param forgetAfter an image that has not been asked for during this time may be tried again
   */
  public record Rules(int tries, Backoff pauses, Duration forgetAfter) {}

  /** The rest of the agent. */
  public interface Agent {
    /** Whether an action on a tool is under way. */
    boolean isActing();

    /** {@link #step} shall be run now. */
    void wakeUpgrade();

    /** {@link #shown} says something else. */
    void tellUpgrade();

    void restart(String why);
  }

  /**
   * What the upgrader is built of.
   *
   * @param own the image the agent runs from; empty when it does not know one by digest
   */
  public record Parts(
      Optional<PinnedImage> own,
      StateStore state,
      UpgradeFiles files,
      CheckedPull pull,
      Rules rules,
      Timing timing,
      Agent agent) {}

  private final Parts parts;
  private final FailedUpgrades failures;
  private final ImageFetch fetch;
  private volatile WantedImage wanted;
  private volatile Upgrade underWay;
  private volatile boolean startTold;
  private boolean confirmed;
  private String digest;
  private final Retries pulls;
  private Instant readySince;

  public AgentUpgrader(Parts parts) {
    this.parts = parts;
    this.failures = new FailedUpgrades(parts.state(), parts.timing(), parts.rules().forgetAfter());
    this.pulls = new Retries(parts.timing());
    this.fetch =
        new ImageFetch(
            parts.pull(),
            image -> show(new Upgrade(image.toString(), Upgrade.Outcome.PULLING, null)));
  }

  /** Before anything else: what came of the move that the agent before this one began? */
  public void begin() {
    try {
      var left = parts.files().takeLeftNext().filter(n -> !isOwn(n));
      left.ifPresent(
          n ->
              failed(
                  n.toString(),
                  "the droplet started the agent from the former image again: its run-agent script does not know of upgrade/next"));
      parts.files().takeFailed().ifPresent(f -> failed(f.image(), f.reason()));
    } catch (IOException e) {
      LOG.warnf("What came of the last move cannot be read found=\"%s\"", e.toString());
    }
    parts.own().ifPresent(failures::over);
  }

  /**
   * A heartbeat was accepted. That proves this agent's image: it reaches the control plane, and
   * Docker. Only then does it listen to what is wanted, so an image that was never proven cannot
   * lead to another.
   */
  public void accepted(boolean dockerReachable, WantedImage asked) {
    confirmed = confirmed || dockerReachable && confirm();
    failures.heard(asked);
    startTold = startTold || isShown(Upgrade.Outcome.STARTING);
    if (confirmed && !Objects.equals(asked, wanted)) {
      wanted = asked;
      parts.agent().wakeUpgrade();
    }
  }

  private boolean confirm() {
    try {
      if (parts.own().isPresent()) {
        parts.files().writeConfirmed(parts.own().get());
      }
      return true;
    } catch (IOException e) {
      LOG.warnf("Image not confirmed to the droplet, tried again found=\"%s\"", e.toString());
      return false;
    }
  }

  /** The loop's step: one attempt, never two at once. */
  public Duration step() {
    var asked = wanted;
    return switch (UpgradePlanner.decide(parts.own().orElse(null), asked, failures.last())) {
      case UpgradePlanner.Stay() -> rest(null);
      case UpgradePlanner.Refuse(var why) -> rest(Upgrade.of(why));
      case UpgradePlanner.Move move -> toward(move, asked);
    };
  }

  private Duration rest(Upgrade refusal) {
    digest = null;
    show(refusal);
    return Loop.UNTIL_WOKEN;
  }

  private Duration toward(UpgradePlanner.Move move, WantedImage asked) {
    if (!move.digest().equals(digest)) {
      digest = move.digest();
      pulls.succeeded();
      readySince = null;
      startTold = false;
      LOG.infof("Another image is wanted version=%s image=%s", asked.version(), digest);
    }
    var fetched = fetch.from(move.references());
    if (fetched.image() == null) {
      return inVain(move, fetched.refused());
    }
    return Objects.equals(asked, wanted) ? leaveFor(fetched.image()) : Duration.ZERO;
  }

  private Duration inVain(UpgradePlanner.Move move, String refused) {
    var pause = pulls.failed(parts.rules().pauses());
    if (pulls.failures() < parts.rules().tries()) {
      return pause;
    }
    failed(
        move.references().getFirst().toString(),
        "the image could not be pulled in " + pulls.failures() + " tries: " + refused);
    return Duration.ZERO;
  }

  private Duration leaveFor(PinnedImage image) {
    show(new Upgrade(image.toString(), Upgrade.Outcome.STARTING, null));
    var now = parts.timing().now();
    readySince = readySince == null ? now : readySince;
    var told = startTold || !now.isBefore(readySince.plus(TELL_WITHIN));
    var calm = !parts.agent().isActing() || !now.isBefore(readySince.plus(CALM_WITHIN));
    if (!told || !calm) {
      return LOOK_AGAIN;
    }
    try {
      parts
          .own()
          .ifPresent(
              o -> parts.state().updateAnyway(s -> s.withImages(s.images().from(o.toString()))));
      parts.files().writeNext(image);
    } catch (IOException e) {
      failed(image.toString(), "the droplet could not be asked for the image: " + e);
      return Duration.ZERO;
    }
    parts.agent().restart("it shall run from " + image);
    return null;
  }

  private boolean isOwn(PinnedImage image) {
    return parts.own().filter(image::isSameAs).isPresent();
  }

  private void show(Upgrade now) {
    if (!Objects.equals(underWay, now)) {
      underWay = now;
      parts.agent().tellUpgrade();
    }
  }

  private boolean isShown(Upgrade.Outcome outcome) {
    var current = underWay;
    return current != null && current.outcome() == outcome;
  }

  private void failed(String image, String reason) {
    failures.note(image, reason);
    underWay = null;
    parts.agent().tellUpgrade();
  }

  /** What a heartbeat says of the move; empty when there is nothing to say. */
  public Optional<Upgrade> shown() {
    return Optional.ofNullable(underWay)
        .or(() -> Optional.ofNullable(failures.last()).map(Upgrade::of));
  }

  /** The images that the move needs, the way back among them; the disk guard keeps them. */
  public Set<String> images() {
    var all = new HashSet<String>();
    parts.own().ifPresent(o -> all.add(o.toString()));
    Optional.ofNullable(parts.state().current().images().former()).ifPresent(all::add);
    Optional.ofNullable(wanted).ifPresent(w -> all.addAll(w.references()));
    return Set.copyOf(all);
  }
}
