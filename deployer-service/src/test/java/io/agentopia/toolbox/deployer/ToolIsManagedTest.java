package io.agentopia.toolbox.deployer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.agentopia.toolbox.events.ToolLifecycle.ToolDeployStarted;
import io.agentopia.toolbox.events.ToolLifecycle.ToolRemoved;
import io.agentopia.toolbox.events.ToolLifecycle.ToolStatusChanged;
import io.agentopia.toolbox.events.ToolStatus;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
class ToolIsManagedTest extends ServiceTest {
  @Test
  void itIsStoppedAndStartedAgain() {
    runningTool();
    bus.publish(say.stop(search));
    status(ToolStatus.RUNNING);
    manifestOf(say.toolbox)
        .body("manifestGeneration", equalTo(2))
        .body("tools[0].desired", equalTo("stopped"));
    bus.publish(say.report(1, 2, Samples.tool(search, "stopped", "c1", 1, 0)));
    status(ToolStatus.STOPPED);
    bus.publish(say.start(search));
    assertThat(status(ToolStatus.RESTARTING).manifestGeneration()).isEqualTo(3);
    manifestOf(say.toolbox)
        .body("manifestGeneration", equalTo(3))
        .body("tools[0].desired", equalTo("running"));
    bus.publish(say.report(1, 3, Samples.tool(search, "running", "c2", 1, 0)));
    theEvent(
        ToolStatusChanged.class,
        e -> e.toolInstanceId().equals(search) && "c2".equals(e.containerId()));
  }

  @Test
  void itIsRestarted() {
    runningTool();
    bus.publish(say.restart(search));
    status(ToolStatus.RESTARTING);
    manifestOf(say.toolbox)
        .body("tools[0].restarts", equalTo(1))
        .body("tools[0].revision", equalTo(1));
    bus.publish(say.report(1, 2, Samples.tool(search, "running", "c1", 1, 1)));
    status(ToolStatus.RUNNING);
  }

  @Test
  void anotherSpecificationIsANewRevision() {
    runningTool();
    bus.publish(say.deploy(search, "search", Samples.spec("docker.io/library/nginx:1.29")));
    theEvent(
        ToolDeployStarted.class,
        e -> e.toolInstanceId().equals(search) && e.image().endsWith("nginx:1.29"));
    manifestOf(say.toolbox).body("tools", hasSize(1)).body("tools[0].revision", equalTo(2));
  }

  @Test
  void itIsRemovedWhenTheAgentNoLongerHasIt() {
    runningTool();
    bus.publish(say.remove(search));
    assertThat(status(ToolStatus.REMOVING).manifestGeneration()).isEqualTo(2);
    manifestOf(say.toolbox).body("manifestGeneration", equalTo(2)).body("tools", hasSize(0));
    bus.publish(say.report(1, 2));
    assertThat(theEvent(ToolRemoved.class).status()).isEqualTo(ToolStatus.REMOVED);
  }

  @Test
  void itGoesWithItsToolbox() {
    runningTool();
    bus.publish(say.deleted(1));
    theEvent(ToolRemoved.class);
    manifestOf(say.toolbox).body("tools", hasSize(0));
  }

  @Test
  void itIsDeployedAgainOnANewDroplet() {
    runningTool();
    bus.publish(say.replaced(2));
    assertThat(status(ToolStatus.PENDING).generation()).isEqualTo(2);
    bus.publish(say.healthy(2));
    var started =
        theEvent(
            ToolDeployStarted.class, e -> e.toolInstanceId().equals(search) && e.generation() == 2);
    assertThat(started.manifestGeneration()).isEqualTo(3);
  }
}
