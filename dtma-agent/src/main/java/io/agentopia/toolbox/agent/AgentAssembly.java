package io.agentopia.toolbox.agent;

import io.agentopia.toolbox.agent.backend.Addresses;
import io.agentopia.toolbox.agent.backend.HttpControlPlane;
import io.agentopia.toolbox.agent.docker.DockerGateway;
import io.agentopia.toolbox.agent.docker.DockerJavaGateway;
import io.agentopia.toolbox.agent.identity.StateFile;
import io.agentopia.toolbox.agent.identity.StateStore;
import io.agentopia.toolbox.agent.lifecycle.Agent;
import io.agentopia.toolbox.agent.lifecycle.AgentSettings;
import io.agentopia.toolbox.agent.lifecycle.Droplet;
import io.agentopia.toolbox.agent.lifecycle.Execution;
import io.quarkus.arc.DefaultBean;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Puts the agent together and ties its life to the process. */
@Singleton
public class AgentAssembly {
  /** What a call to Docker may take beyond the grace of a stop. */
  private static final Duration ANSWER_MARGIN = Duration.ofSeconds(20);

  @Produces
  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }

  @Produces
  @Singleton
  @DefaultBean
  DockerGateway docker(AgentSettings settings) {
    return new DockerJavaGateway(settings.dockerHost(), settings.stopGrace().plus(ANSWER_MARGIN));
  }

  @Produces
  @Singleton
  Agent agent(
      AgentSettings settings,
      DockerGateway docker,
      Clock clock,
      @ConfigProperty(name = "quarkus.application.version") String version)
      throws IOException {
    var state = StateStore.open(new StateFile(settings.stateDir()));
    var addresses =
        new Addresses(settings.backendUrl(), () -> state.current().backendUrls(), clock);
    return new Agent(
        new Agent.Parts(
            settings,
            Droplet.real(settings, version, clock),
            state,
            new HttpControlPlane(addresses, settings.callTimeout()),
            docker,
            Execution.onThreads(clock, Quarkus::asyncExit)));
  }

  void start(@Observes StartupEvent event, Agent agent) {
    agent.start();
  }

  void stop(@Observes ShutdownEvent event, Agent agent, DockerGateway docker)
      throws InterruptedException {
    agent.stop();
    docker.close();
  }
}
