package io.agentopia.toolbox.gateway.view;

import io.agentopia.toolbox.events.BootStage;
import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.Remedy;
import io.agentopia.toolbox.events.ToolboxBoot.BootProgressed;
import io.agentopia.toolbox.events.ToolboxHealth;
import io.agentopia.toolbox.events.ToolboxHealth.AgentUpgradeRequested;
import io.agentopia.toolbox.events.ToolboxHealth.AlertRaised;
import io.agentopia.toolbox.events.ToolboxHealth.AlertResolved;
import io.agentopia.toolbox.events.ToolboxHealth.DtmaHealthy;
import io.agentopia.toolbox.events.ToolboxHealth.HealthDegraded;
import io.agentopia.toolbox.events.ToolboxHealth.HealthRecovered;
import io.agentopia.toolbox.events.ToolboxHealth.RemediationRequested;
import io.agentopia.toolbox.events.ToolboxLifecycle;
import io.agentopia.toolbox.events.ToolboxLifecycle.*;
import io.agentopia.toolbox.events.ToolboxStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What an event makes of the view, and of the timeline. Knows no database: it is handed the row.
 */
public final class ToolboxFold {
  /** One that gets well again has been through its boot before. */
  private static final Set<String> AFTER_THE_BOOT =
      Set.of(ToolboxStatus.ACTIVE.wire(), ToolboxStatus.UNRESPONSIVE.wire());

  private static final String BOOT_FAILED = "boot_failed";

  private ToolboxFold() {}

  /** A stage for the timeline. */
  public record Stage(String name, String detail, String logTail) {
    public Stage(String name, String detail) {
      this(name, detail, null);
    }
  }

  /**
   * @return the stage the event stands for, if it is news and stands for one
   */
  public static Optional<Stage> apply(ToolboxView view, ToolboxLifecycle event, Instant at) {
    if (isOld(view, event)) {
      fillIn(view, event);
      return Optional.empty();
    }
    goOn(view, event, at);
    var before = view.status;
    view.status = event.status().wire();
    return Optional.ofNullable(change(view, event, before));
  }

  /**
   * A boot stage has a fence of its own, and changes nothing but the timeline: whatever it
   * overtakes on the lifecycle's topic is still news. Of an earlier droplet only its failure is:
   * because of that one there is a later.
   *
   * @return the stage, if it is news; it belongs to the event's generation, which the view may not
   *     have come to yet
   */
  public static Optional<Stage> apply(ToolboxView view, BootProgressed event, Instant at) {
    if (event.sequence() <= view.bootSequence
        || event.generation() < view.generation && event.stage() != BootStage.FAILED) {
      return Optional.empty();
    }
    view.bootSequence = event.sequence();
    view.updatedAt = at;
    return Optional.of(stage(event));
  }

  /**
   * A boot stage as earlier provisioners publish it: on the lifecycle's topic, numbered by it. Two
   * of them told a status, which their stage stands for.
   */
  public static Optional<Stage> applyEarlierForm(
      ToolboxView view, BootProgressed event, Instant at) {
    if (isOld(view, event)) {
      return Optional.empty();
    }
    goOn(view, event, at);
    if (event.stage() == BootStage.HEALTHY) {
      view.status = ToolboxStatus.ACTIVE.wire();
    } else if (event.stage() == BootStage.ADDRESS
        && ToolboxStatus.PROVISIONING.wire().equals(view.status)) {
      view.status = ToolboxStatus.AWAITING_HEARTBEAT.wire();
    }
    return Optional.of(stage(event));
  }

  private static boolean isOld(ToolboxView view, Event event) {
    return event.sequence() <= view.lifecycleSequence || event.generation() < view.generation;
  }

  /**
   * One that was overtaken, on its way through a retry, still is the only one to tell some facts of
   * the present droplet: what is not known yet is taken from it.
   */
  private static void fillIn(ToolboxView view, ToolboxLifecycle event) {
    if (event.generation() != view.generation
        || ToolboxStatus.DEPROVISIONED.wire().equals(view.status)) {
      return;
    }
    if (event instanceof DropletCreated e) {
      view.dropletId = orElse(view.dropletId, e.dropletId());
    } else if (event instanceof DtmaJoined e) {
      view.agentPort = orElse(view.agentPort, e.agentPort());
      view.agentVersion = orElse(view.agentVersion, e.agentVersion());
    } else if (event instanceof DropletReady e) {
      view.dropletId = orElse(view.dropletId, e.dropletId());
      view.ipv4 = orElse(view.ipv4, e.ipv4());
      view.agentPort = orElse(view.agentPort, e.agentPort());
    }
  }

  private static <T> T orElse(T known, T told) {
    return known == null ? told : known;
  }

  private static void goOn(ToolboxView view, Event event, Instant at) {
    view.lifecycleSequence = event.sequence();
    if (event.generation() > view.generation) {
      anotherDroplet(view, event.generation());
    }
    view.statusDetail = null;
    noDelay(view);
    view.updatedAt = at;
  }

  private static Stage stage(BootProgressed event) {
    return new Stage(event.stage().wire(), event.detail(), event.logTail());
  }

  private static Stage change(ToolboxView view, ToolboxLifecycle event, String before) {
    return switch (event) {
      case ToolboxAccepted e -> new Stage("accepted", null);
      case ToolboxRejected e -> {
        trouble(view, e.code(), e.message(), e.action());
        yield new Stage("rejected", e.message());
      }
      case DropletCreated e -> {
        view.dropletId = e.dropletId();
        noTrouble(view);
        yield new Stage("droplet_created", e.dropletName());
      }
      case DtmaJoined e -> {
        view.agentPort = e.agentPort();
        view.agentVersion = e.agentVersion();
        yield new Stage("joined", "agent " + e.agentVersion());
      }
      case DropletReady e -> {
        view.dropletId = e.dropletId();
        view.ipv4 = e.ipv4();
        view.agentPort = e.agentPort();
        yield new Stage("ready", e.ipv4() + ":" + e.agentPort());
      }
      case DropletLost e -> new Stage("droplet_lost", e.reason());
      case DropletRebooted e -> new Stage("droplet_rebooted", e.reason());
      case DropletReplaced e -> {
        view.dropletId = e.newDropletId();
        yield new Stage(
            "droplet_replaced", "droplet " + e.oldDropletId() + " by " + e.newDropletId());
      }
      case ToolboxStatusChanged e -> statusChanged(view, e, before);
      case ProvisioningDelayed e -> {
        delay(view, e);
        yield null;
      }
      case ToolboxFailed e -> {
        trouble(view, e.code(), e.message(), e.action());
        // The boot's own word of it stands there, with the end of its log.
        yield BOOT_FAILED.equals(e.code()) ? null : new Stage("failed", e.message());
      }
      case ToolboxDeleted e -> {
        anotherDroplet(view, view.generation);
        yield new Stage("deleted", null);
      }
    };
  }

  /** Becoming active for the first time is the last stage of a boot. */
  private static Stage statusChanged(ToolboxView view, ToolboxStatusChanged event, String before) {
    if (event.status() == ToolboxStatus.ACTIVE && !AFTER_THE_BOOT.contains(before)) {
      return new Stage(
          BootStage.HEALTHY.wire(),
          view.agentVersion == null ? null : "agent " + view.agentVersion);
    }
    view.statusDetail = event.reason();
    return null;
  }

  /**
   * @return whether it was news
   */
  public static boolean apply(ToolboxView view, ToolboxHealth event, Instant at) {
    if (event.sequence() <= known(view, event) || event.generation() != view.generation) {
      return false;
    }
    view.updatedAt = at;
    switch (event) {
      case DtmaHealthy e -> verdict(view, e, "healthy", null, null, at);
      case HealthRecovered e -> verdict(view, e, "healthy", null, null, at);
      case HealthDegraded e ->
          verdict(view, e, "degraded", e.reason().wire(), e.message(), e.since());
      case RemediationRequested e -> remedy(view, e.remedy());
      case AgentUpgradeRequested e -> {
        view.wantedAgentSequence = e.sequence();
        wanted(view, e.version(), e.images());
      }
      case AlertRaised e -> view.statusDetail = e.summary();
      case AlertResolved e -> view.statusDetail = null;
    }
    return true;
  }

  /**
   * Only verdicts make earlier ones stale: one may be tried again while an alert passes by. What
   * image is wanted is a matter of its own, which no verdict overtakes.
   */
  private static long known(ToolboxView view, ToolboxHealth event) {
    return event instanceof AgentUpgradeRequested ? view.wantedAgentSequence : view.healthSequence;
  }

  /** Of a toolbox that is being deleted meanwhile, it would stand for ever. */
  private static void remedy(ToolboxView view, Remedy remedy) {
    if (ToolboxStatus.UNRESPONSIVE.wire().equals(view.status)) {
      view.statusDetail = "remediation: " + remedy;
    }
  }

  private static void anotherDroplet(ToolboxView view, long generation) {
    view.generation = generation;
    view.dropletId = null;
    view.ipv4 = null;
    view.agentPort = null;
    view.agentVersion = null;
    view.agentImage = null;
    view.agentCalls = null;
    wanted(view, null, List.of());
    noTrouble(view);
    health(view, null, null, null, null);
  }

  private static void wanted(ToolboxView view, String version, List<String> images) {
    view.wantedAgentVersion = version;
    view.wantedAgentImages = images.isEmpty() ? null : String.join("\n", images);
  }

  private static void verdict(
      ToolboxView view,
      ToolboxHealth event,
      String status,
      String reason,
      String message,
      Instant since) {
    view.healthSequence = event.sequence();
    health(view, status, reason, message, since);
  }

  private static void health(
      ToolboxView view, String status, String reason, String message, Instant since) {
    view.healthStatus = status;
    view.healthReason = reason;
    view.healthMessage = message;
    view.healthSince = since;
  }

  private static void delay(ToolboxView view, ProvisioningDelayed e) {
    view.delayAttempt = e.attempt();
    view.delayNextAt = e.nextAttemptAt();
    view.delayGivesUpAt = e.givesUpAt();
    view.delayCode = e.code();
    view.delayMessage = e.message();
    view.statusDetail = "attempt " + e.attempt() + " failed: " + e.message();
  }

  private static void noDelay(ToolboxView view) {
    view.delayAttempt = null;
    view.delayNextAt = null;
    view.delayGivesUpAt = null;
    view.delayCode = null;
    view.delayMessage = null;
  }

  private static void trouble(ToolboxView view, String code, String message, String action) {
    view.errorCode = code;
    view.errorMessage = message;
    view.errorAction = action;
  }

  private static void noTrouble(ToolboxView view) {
    trouble(view, null, null, null);
  }
}
