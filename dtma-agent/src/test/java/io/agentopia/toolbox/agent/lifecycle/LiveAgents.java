package io.agentopia.toolbox.agent.lifecycle;

import io.agentopia.toolbox.agent.backend.Addresses;
import io.agentopia.toolbox.agent.backend.HttpControlPlane;
import io.agentopia.toolbox.agent.docker.InMemoryDocker;
import io.agentopia.toolbox.agent.identity.StateFile;
import io.agentopia.toolbox.agent.identity.StateStore;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Starts whole agents on one engine, keeps what they exited with, and stops them all. */
final class LiveAgents implements AutoCloseable {
  private final InMemoryDocker docker;
  private final List<Integer> exits = new CopyOnWriteArrayList<>();
  private final List<AutoCloseable> toStop = new ArrayList<>();

  LiveAgents(InMemoryDocker docker) {
    this.docker = docker;
  }

  Agent start(Map<String, String> settings) {
    try {
      var config =
          new SmallRyeConfigBuilder()
              .addDefaultInterceptors()
              .withConverter(Duration.class, 200, new DurationConverter())
              .withMapping(AgentSettings.class)
              .withSources(new PropertiesConfigSource(Map.copyOf(settings), "test", 100))
              .build()
              .getConfigMapping(AgentSettings.class);
      var state = StateStore.open(new StateFile(Path.of(settings.get("dtma.state-dir"))));
      var addresses =
          new Addresses(
              config.backendUrl(), () -> state.current().backendUrls(), Clock.systemUTC());
      var controlPlane = new HttpControlPlane(addresses, config.callTimeout());
      toStop.add(controlPlane);
      var agent =
          new Agent(
              new Agent.Parts(
                  config,
                  Droplet.real(config, "0.1.0-test", Clock.systemUTC()),
                  state,
                  controlPlane,
                  docker,
                  Execution.onThreads(Clock.systemUTC(), exits::add)));
      toStop.add(agent::stop);
      agent.start();
      return agent;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Integer> exits() {
    return exits;
  }

  @Override
  public void close() throws Exception {
    for (var each : toStop.reversed()) {
      each.close();
    }
  }
}
