package io.agentopia.toolbox.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * kill -9 of each service in the middle of the main job; its supervisor starts it again, and the
 * job ends well.
 */
class KilledServiceTest extends Story {
  static List<String> services() {
    return Draw.of(
        List.of(
            "provisioner-service",
            "health-service",
            "deployer-service",
            "api-gateway",
            "cloud-simulator"));
  }

  @ParameterizedTest
  @MethodSource("services")
  void theJobEndsWellAllTheSame(String service) {
    var id = requestToolbox(uniqueName("killed"));
    patiently("provisioning to have begun")
        .until(() -> !"pending_provision".equals(USER.get("/v1/toolboxes/" + id).text("/status")));
    PLATFORM.kill(service);
    awaitToolbox(id, "active");
    var tool = deploy(id, "hello");
    awaitTool(id, tool, "running");
    assertThat(PLATFORM.liveDroplets(id)).hasSize(1);
    delete(id);
  }
}
