package io.agentopia.toolbox.simulator.docker.http;

import io.agentopia.toolbox.simulator.docker.engine.EngineRefusal;
import io.agentopia.toolbox.simulator.docker.engine.ImageName;
import io.agentopia.toolbox.simulator.fault.FaultBook;
import io.agentopia.toolbox.simulator.fault.FaultKind;
import io.agentopia.toolbox.simulator.fault.Match.Target;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the engine says of a registry that refuses. Images exist, but those that the configuration
 * calls missing, and those of a host whose name ends with {@code .invalid}: it cannot be found.
 */
public final class Registry {
  private final FaultBook faults;
  private final Pattern missing;
  private final long dropletId;

  public Registry(FaultBook faults, Pattern missing, long dropletId) {
    this.faults = faults;
    this.missing = missing;
    this.dropletId = dropletId;
  }

  Optional<EngineRefusal> refusal(ImageName name) {
    var host = name.registry();
    if (host != null && host.replaceFirst(":\\d+$", "").endsWith(".invalid")) {
      return refuse(
          500, "Get \"https://%s/v2/\": dial tcp: lookup %s: no such host".formatted(host, host));
    }
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
