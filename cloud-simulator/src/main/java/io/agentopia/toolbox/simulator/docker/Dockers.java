package io.agentopia.toolbox.simulator.docker;

import io.agentopia.toolbox.simulator.SimulatorConfig;
import io.agentopia.toolbox.simulator.boot.DropletDocker;
import io.agentopia.toolbox.simulator.fault.FaultBook;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/** Decides, once, which Docker the droplets get. */
public final class Dockers {
  private static final Logger LOG = Logger.getLogger(Dockers.class);

  private Dockers() {}

  public static DropletDocker choose(
      SimulatorConfig config, Vertx vertx, Clock clock, FaultBook faults, boolean ownAddresses) {
    var docker =
        switch (config.docker()) {
          case SIMULATED -> simulated(config, vertx, clock, faults, ownAddresses);
          case REAL -> RealDocker.at(config.dockerHost()).orElseThrow(() -> silent(config));
          case AUTO ->
              RealDocker.at(config.dockerHost())
                  .<DropletDocker>map(d -> d)
                  .orElseGet(() -> simulated(config, vertx, clock, faults, ownAddresses));
        };
    LOG.infof("docker chosen: kind=%s", docker instanceof RealDocker ? "real" : "simulated");
    return docker;
  }

  private static DropletDocker simulated(
      SimulatorConfig config, Vertx vertx, Clock clock, FaultBook faults, boolean ownAddresses) {
    return new SimulatedDocker(
        vertx, clock, faults, Pattern.compile(config.missingImages()), ownAddresses);
  }

  private static IllegalStateException silent(SimulatorConfig config) {
    return new IllegalStateException(
        "simulator.docker=real, but no engine answers at "
            + config.dockerHost()
            + "; start it, set DOCKER_HOST, or use simulator.docker=simulated");
  }
}
