package io.agentopia.toolbox.deployer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolLifecycle;
import io.agentopia.toolbox.events.ToolLifecycle.ToolDeployFailed;
import io.agentopia.toolbox.events.ToolLifecycle.ToolDeployStarted;
import io.agentopia.toolbox.events.ToolLifecycle.ToolDeployed;
import io.agentopia.toolbox.events.ToolRequest.ToolDeployRequested;
import io.agentopia.toolbox.events.ToolStatus;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
class ToolIsDeployedTest extends ServiceTest {

  @Test
  void anEarlyDeploymentWaitsUntilTheToolboxIsHealthy() {
    bus.publish(say.accepted());
    bus.publish(say.deploy(search, "search", Samples.spec(IMAGE)));
    status(ToolStatus.PENDING);
    manifestOf(say.toolbox).body("tools", hasSize(0));
    bus.publish(say.healthy(1));
    var started = theEvent(ToolDeployStarted.class);
    assertThat(started.status()).isEqualTo(ToolStatus.DEPLOYING);
    assertThat(started.manifestGeneration()).isEqualTo(1);
    assertThat(started.image()).isEqualTo(IMAGE);
  }

  /** It does not come back from a retry topic: it waits with the others. */
  @Test
  void aDeploymentThatIsAheadOfItsToolboxWaitsForIt() {
    bus.publish(say.deploy(search, "search", Samples.spec(IMAGE)));
    status(ToolStatus.PENDING);
    bus.publish(say.accepted());
    bus.publish(say.healthy(1));
    theEvent(ToolDeployStarted.class);
  }

  @Test
  void aDeploymentThatIsAheadOfAnotherAccountsToolboxFails() {
    bus.publish(
        new ToolDeployRequested(
            new Subject(say.toolbox, "somebody", 0, 0), search, "search", Samples.spec(IMAGE)));
    status(ToolStatus.PENDING);
    bus.publish(say.accepted());
    assertThat(theEvent(ToolDeployFailed.class).code()).isEqualTo("wrong_account");
    bus.publish(say.healthy(1));
    awaitHealthy(true);
    manifestOf(say.toolbox).body("tools", hasSize(0));
  }

  @Test
  void aDeploymentForAToolboxThatIsRejectedFails() {
    bus.publish(say.deploy(search, "search", Samples.spec(IMAGE)));
    status(ToolStatus.PENDING);
    bus.publish(say.rejected(say.account));
    assertThat(theEvent(ToolDeployFailed.class).code()).isEqualTo("toolbox_rejected");
  }

  /** An agent may say it before the deployer has heard of its toolbox, and says it once. */
  @Test
  void aReportThatIsAheadOfItsToolboxIsNotTriedAgain() {
    bus.publish(say.report(1, 0));
    awaitHealthy(false);
    bus.publish(say.healthy(1));
    bus.publish(say.deploy(search, "search", Samples.spec(IMAGE)));
    theEvent(ToolDeployStarted.class);
  }

  @Test
  void theAgentsReportMakesItDeployed() {
    runningTool();
    var deployed = theEvent(ToolDeployed.class);
    assertThat(deployed.containerId()).isEqualTo("c1");
    assertThat(deployed.status()).isEqualTo(ToolStatus.RUNNING);
    assertThat(eventsOfThisToolbox()).extracting(ToolLifecycle::sequence).containsExactly(1L, 2L);
  }

  @Test
  void theManifestIsAsTheProtocolSays() {
    healthyToolbox();
    bus.publish(say.deploy(search, "search", Samples.spec(IMAGE)));
    theEvent(ToolDeployStarted.class);
    manifestOf(say.toolbox)
        .body("accountId", equalTo(say.account))
        .body("generation", equalTo(1))
        .body("manifestGeneration", equalTo(1))
        .body("tools", hasSize(1))
        .body("tools[0].toolInstanceId", equalTo(search.toString()))
        .body("tools[0].name", equalTo("search"))
        .body("tools[0].image", equalTo(IMAGE))
        .body("tools[0].command", equalTo(java.util.List.of("sleep", "infinity")))
        .body("tools[0].environment.MODE", equalTo("demo"))
        .body("tools[0].ports[0].containerPort", equalTo(8080))
        .body("tools[0].ports[0].protocol", equalTo("tcp"))
        .body("tools[0].ports[0]", not(hasKey("hostPort")))
        .body("tools[0].memoryMb", equalTo(256))
        .body("tools[0].cpus", equalTo(0.5f))
        .body("tools[0].readOnlyRoot", equalTo(false))
        .body("tools[0].desired", equalTo("running"))
        .body("tools[0].revision", equalTo(1))
        .body("tools[0].restarts", equalTo(0));
  }

  /** As toolboxes are whose last change is of a time when manifests were asked for. */
  @Test
  void aManifestThatWasNeverToldIsToldOnceMore() throws SQLException {
    runningTool();
    manifestOf(say.toolbox).body("manifestGeneration", equalTo(1));
    update(
        "update toolboxes set manifest_generation = 7, told_generation = 0 where id = ?",
        say.toolbox);
    manifestOf(say.toolbox)
        .body("manifestGeneration", equalTo(7))
        .body("tools[0].toolInstanceId", equalTo(search.toString()));
  }

  @Test
  void theAgentsFailureIsToldWithWhatToDoNext() {
    healthyToolbox();
    bus.publish(say.deploy(search, "search", Samples.spec(IMAGE)));
    theEvent(ToolDeployStarted.class);
    bus.publish(
        say.report(
            1, 1, Samples.failed(search, 1, "image_not_found", "no such image", "tail\0end")));
    var failed = theEvent(ToolDeployFailed.class);
    assertThat(failed.code()).isEqualTo("image_not_found");
    assertThat(failed.message()).isEqualTo("no such image");
    assertThat(failed.action()).isNotBlank();
    assertThat(failed.logTail()).isEqualTo("tail\0end");
    assertThat(failed.status()).isEqualTo(ToolStatus.FAILED);
  }

  @Test
  void aDeploymentNobodyReportsFailsAtItsDeadlineAndMayStillSucceed() throws SQLException {
    healthyToolbox();
    bus.publish(say.deploy(search, "search", Samples.spec(IMAGE)));
    theEvent(ToolDeployStarted.class);
    update("update account_tool_instances set deadline_at = now() where id = ?", search);
    assertThat(theEvent(ToolDeployFailed.class).code()).isEqualTo("deploy_timeout");
    bus.publish(say.report(1, 1, Samples.tool(search, "running", "c1", 1, 0)));
    assertThat(status(ToolStatus.RUNNING).containerId()).isEqualTo("c1");
  }

  @Test
  void anInvalidSpecificationFromOutsideIsRefusedWithItsFields() {
    healthyToolbox();
    bus.publish(say.deploy(search, "Not A Name\0", Samples.spec("bad image")));
    var failed = theEvent(ToolDeployFailed.class);
    assertThat(failed.code()).isEqualTo("invalid_spec");
    assertThat(failed.message()).contains("name").contains("image");
  }

  @Test
  void aNameInUseIsRefused() {
    runningTool();
    var other = UUID.randomUUID();
    bus.publish(say.deploy(other, "search", Samples.spec(IMAGE)));
    var failed = theEvent(ToolDeployFailed.class, e -> e.toolInstanceId().equals(other));
    assertThat(failed.code()).isEqualTo("name_taken");
    manifestOf(say.toolbox).body("tools", hasSize(1)).body("manifestGeneration", equalTo(1));
  }

  @Test
  void duplicatesChangeNothing() {
    bus.publish(say.accepted());
    var healthy = say.healthy(1);
    var wish = say.deploy(search, "search", Samples.spec(IMAGE));
    var report = say.report(1, 1, Samples.tool(search, "running", "c1", 1, 0));
    var healthyId = bus.publish(healthy);
    awaitHealthy(true);
    var wishId = bus.publish(wish);
    theEvent(ToolDeployStarted.class);
    var reportId = bus.publish(report);
    theEvent(ToolDeployed.class);
    bus.publish(healthyId, healthy);
    bus.publish(wishId, wish);
    bus.publish(reportId, report);
    bus.publish(wish); // the same wish with a new event id
    // On each topic comes something that shows: then the duplicates before it have been handled.
    bus.publish(say.degraded(1));
    awaitHealthy(false);
    bus.publish(say.stop(search));
    status(ToolStatus.RUNNING);
    bus.publish(say.report(1, 2, Samples.tool(search, "stopped", "c1", 1, 0)));
    status(ToolStatus.STOPPED);
    assertThat(eventsOfThisToolbox())
        .extracting(e -> e.getClass().getSimpleName())
        .containsExactly(
            "ToolDeployStarted", "ToolDeployed", "ToolStatusChanged", "ToolStatusChanged");
  }
}
