package io.agentopia.toolbox.provisioner;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentopia.toolbox.events.BootStage;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxBoot.BootProgressed;
import io.agentopia.toolbox.events.ToolboxLifecycle.ToolboxDeleted;
import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.provisioner.cloud.SimulatedDigitalOcean;
import io.agentopia.toolbox.provisioner.cloud.SimulatorResource;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.agentopia.toolbox.testing.TestBus;
import io.agentopia.toolbox.testing.Told;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;

/**
 * How many calls provisioning costs, counted by the cloud itself: with the service's own settings,
 * DigitalOcean's API, and droplets that take their time.
 */
@QuarkusTest
@TestProfile(CloudCallsTest.OnDigitalOcean.class)
@QuarkusTestResource(EmbeddedStackResource.class)
@QuarkusTestResource(
    value = SimulatorResource.class,
    restrictToAnnotatedClass = true,
    initArgs = {
      @ResourceArg(name = "SIMULATOR_DELAYS_ACTIVE_AFTER", value = "30s"),
      @ResourceArg(name = "SIMULATOR_DELAYS_ADDRESS_AFTER", value = "20s")
    })
class CloudCallsTest {
  private static final Logger LOG = Logger.getLogger(CloudCallsTest.class);
  private static final int TOOLBOXES = 10;
  private static final double MOST_CALLS_EACH = 1.3;
  private final TestBus bus = TestBus.get();

  public static class OnDigitalOcean implements QuarkusTestProfile {
    @Override
    public Set<Class<?>> getEnabledAlternatives() {
      return Set.of(SimulatedDigitalOcean.class);
    }

    /** As in production, not as in the other tests. */
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "provisioner.watch-busy", "25S",
          "provisioner.watch-apart", "2S",
          "provisioner.watch-idle", "30S",
          "provisioner.watch-empty", "5M",
          "provisioner.listing-lag", "20S");
    }
  }

  @Test
  void tenToolboxesAtOnceCostLittleMoreThanTheirCreates() {
    var ids = Stream.generate(UUID::randomUUID).limit(TOOLBOXES).toList();
    await("the watch's first look").atMost(Duration.ofSeconds(30)).until(() -> calls() > 0);
    var before = calls();
    for (var id : ids) {
      bus.publish(
          Told.toolboxRequested(new Subject(id, "acct", 0, 0), "t-" + id, "nyc3", "s-1vcpu-1gb"));
    }
    await().atMost(Duration.ofSeconds(120)).until(() -> ids.stream().allMatch(this::hasAddress));
    var each = (calls() - before) / (double) TOOLBOXES;
    LOG.infof("cloud calls for each of %d toolboxes made at once: %s", TOOLBOXES, each);
    assertThat(each).isLessThanOrEqualTo(MOST_CALLS_EACH);

    ids.forEach(
        id ->
            bus.publish(Told.toolboxDeletionRequested(new Subject(id, "acct", 0, 0), false, null)));
    await().atMost(Duration.ofSeconds(60)).until(() -> ids.stream().allMatch(this::isDeleted));
  }

  private boolean hasAddress(UUID id) {
    return bus.events(Topics.TOOLBOX_BOOT, id, BootProgressed.class).stream()
        .anyMatch(e -> e.stage() == BootStage.ADDRESS);
  }

  private boolean isDeleted(UUID id) {
    return !bus.events(Topics.TOOLBOX_LIFECYCLE, id, ToolboxDeleted.class).isEmpty();
  }

  private static int calls() {
    return given().get(SimulatorResource.url() + "/control/ledger").path("requests.total");
  }
}
