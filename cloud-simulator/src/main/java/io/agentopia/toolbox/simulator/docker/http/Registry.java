package io.agentopia.toolbox.simulator.docker.http;

import io.agentopia.toolbox.simulator.docker.engine.Engine;
import io.agentopia.toolbox.simulator.docker.engine.EngineRefusal;
import io.agentopia.toolbox.simulator.docker.engine.ImageName;
import io.agentopia.toolbox.simulator.fault.FaultBook;
import io.agentopia.toolbox.simulator.fault.FaultKind;
import io.agentopia.toolbox.simulator.fault.Match.Target;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where the engine's pulls end. Public registries have every image, but those that the
 * configuration calls missing; what is of this machine or its network is asked; what no registry in
 * reach can have is refused as Docker refuses it.
 */
public final class Registry {
  /** Docker's own. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final FaultBook faults;
  private final Pattern missing;
  private final long dropletId;
  private final NearRegistry near;

  public Registry(FaultBook faults, Pattern missing, long dropletId) {
    this(faults, missing, dropletId, PATIENCE);
  }

  Registry(FaultBook faults, Pattern missing, long dropletId, Duration patience) {
    this.faults = faults;
    this.missing = missing;
    this.dropletId = dropletId;
    this.near = new NearRegistry(patience);
  }

  /**
   * @return the digest of the manifest that it gave, whatever was asked for
   * @throws EngineRefusal why it cannot be pulled
   */
  String digest(ImageName name) {
    var host = name.registry() == null ? null : name.registry().replaceFirst(":\\d+$", "");
    refusal(name)
        .ifPresent(
            r -> {
              throw r;
            });
    return switch (Reach.of(host)) {
      case WORLD -> Engine.digest(name);
      case NEAR -> near.digest(name);
      case NO_HOST -> throw NearRegistry.noSuchHost(name.registry());
      case NO_ANSWER -> throw NearRegistry.noAnswer(name.registry());
    };
  }

  private Optional<EngineRefusal> refusal(ImageName name) {
    if (missing.matcher(name.toString()).matches()) {
      return missing(name);
    }
    return faults
        .strike(FaultKind.PULL_FAILS, Target.pull(dropletId, name.toString()))
        .flatMap(
            fault ->
                switch (fault.status()) {
                  case 404 -> missing(name);
                  case 429 ->
                      refuse(
                          500,
                          "toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating and upgrading");
                  default ->
                      refuse(
                          500,
                          "received unexpected HTTP status: " + fault.status() + " from registry");
                });
  }

  private static Optional<EngineRefusal> missing(ImageName name) {
    return refuse(404, "manifest for " + name + " not found: manifest unknown: manifest unknown");
  }

  private static Optional<EngineRefusal> refuse(int status, String message) {
    return Optional.of(new EngineRefusal(status, message));
  }
}
