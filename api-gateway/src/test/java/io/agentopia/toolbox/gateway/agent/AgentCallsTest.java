package io.agentopia.toolbox.gateway.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentopia.toolbox.gateway.view.ToolboxView;
import io.agentopia.toolbox.runtime.agent.AgentClient;
import io.agentopia.toolbox.runtime.http.ProblemException;
import io.agentopia.toolbox.runtime.security.AgentKeys;
import io.agentopia.toolbox.runtime.security.KeyRings;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An address is called only while the toolbox's present droplet is known to stand there. */
class AgentCallsTest {
  private final Vertx vertx = Vertx.vertx();
  private final AgentCalls calls =
      new AgentCalls(
          new AgentClient(
              vertx,
              new AgentKeys(
                  new KeyRings(
                      Optional.empty(), Optional.empty(), Optional.of("a-master-key-here")),
                  Clock.systemUTC())));

  @AfterEach
  void stop() {
    vertx.close();
  }

  @ParameterizedTest(name = "{0}, {1} {2}: {3}")
  @CsvSource({
    "active, healthy, , agent_unreachable",
    "active, , , agent_unreachable",
    "active, degraded, disk_full, agent_unreachable",
    "unresponsive, degraded, docker_unreachable, agent_unreachable",
    "active, degraded, heartbeat_missing, agent_not_in_touch",
    "unresponsive, degraded, heartbeat_missing, agent_not_in_touch",
    "unresponsive, healthy, , agent_not_in_touch", // the cloud no longer has its droplet
    "unresponsive, , , agent_not_in_touch",
    "awaiting_heartbeat, , , agent_not_in_touch",
    "provisioning, , , agent_not_in_touch",
    "error_provisioning, degraded, disk_full, agent_not_in_touch",
    "pending_deprovision, healthy, , agent_not_in_touch",
    "deprovisioning, healthy, , agent_not_in_touch",
    "deprovisioned, , , agent_not_in_touch",
  })
  void onlyAnAgentInTouchIsCalled(String status, String health, String reason, String code)
      throws Exception {
    try (var somebody = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      var called = Thread.ofVirtual();
      var wasCalled = new java.util.concurrent.CompletableFuture<Boolean>();
      called.start(() -> wasCalled.complete(hangsUpOnACall(somebody)));

      var problem =
          catchThrowableOfType(
                  ProblemException.class,
                  () ->
                      calls
                          .status(view(status, health, reason, somebody.getLocalPort()))
                          .await()
                          .atMost(Duration.ofSeconds(30)))
              .problem();

      assertThat(problem.type()).endsWith(":" + code);
      assertThat(problem.status()).isEqualTo(code.equals("agent_unreachable") ? 502 : 409);
      somebody.close();
      assertThat(wasCalled.get()).isEqualTo(code.equals("agent_unreachable"));
    }
  }

  private static boolean hangsUpOnACall(ServerSocket somebody) {
    try (var caller = somebody.accept()) {
      return true;
    } catch (SocketTimeoutException e) {
      throw new IllegalStateException(e);
    } catch (java.io.IOException e) {
      return false; // closed before anybody came
    }
  }

  private static ToolboxView view(String status, String health, String reason, int port) {
    var view = new ToolboxView();
    view.id = UUID.randomUUID();
    view.generation = 1;
    view.status = status;
    view.ipv4 = "127.0.0.1";
    view.agentPort = port;
    view.healthStatus = health;
    view.healthReason = reason;
    return view;
  }
}
