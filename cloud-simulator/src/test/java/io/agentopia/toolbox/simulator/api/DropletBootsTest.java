package io.agentopia.toolbox.simulator.api;

import static io.agentopia.toolbox.simulator.api.Client.act;
import static io.agentopia.toolbox.simulator.api.Client.api;
import static io.agentopia.toolbox.simulator.api.Client.bootId;
import static io.agentopia.toolbox.simulator.api.Client.created;
import static io.agentopia.toolbox.simulator.api.Client.droplet;
import static io.agentopia.toolbox.simulator.api.Client.eventually;
import static io.agentopia.toolbox.simulator.api.Client.get;
import static io.agentopia.toolbox.simulator.api.Client.inside;
import static io.agentopia.toolbox.simulator.api.Client.isAlive;
import static io.agentopia.toolbox.simulator.api.Client.pid;
import static io.agentopia.toolbox.simulator.api.Client.runsAnew;
import static io.agentopia.toolbox.simulator.api.Client.status;
import static io.agentopia.toolbox.simulator.api.Client.unique;
import static io.agentopia.toolbox.simulator.api.Client.unlocked;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(FastCloud.class)
class DropletBootsTest {
  private static final String TOKEN = "join-token-17";
  private Gateway gateway;

  @BeforeEach
  void listen() throws IOException {
    gateway = new Gateway(202);
  }

  @AfterEach
  void close() {
    gateway.close();
  }

  private long booted() {
    var id = created(droplet(unique("boots")).put("user_data", gateway.userData(TOKEN)));
    eventually(() -> inside(id).extract().jsonPath().get("machine") != null && pid(id) != null);
    return id;
  }

  private static Path directory(long id) {
    return Path.of(inside(id).extract().jsonPath().getString("machine.agentLog")).getParent();
  }

  @Test
  void theMachinePhonesHomeStageByStageAndStartsTheAgent() throws IOException {
    var id = booted();

    assertThat(gateway.calls)
        .containsExactly(
            "Bearer " + TOKEN + " cloud_init",
            "Bearer " + TOKEN + " docker",
            "Bearer " + TOKEN + " image_pull",
            "Bearer " + TOKEN + " agent_starting");
    var environment = directory(id).resolve("env.txt");
    eventually(() -> Files.exists(environment));
    var address =
        get(id)
            .extract()
            .jsonPath()
            .getString("droplet.networks.v4.find { it.type == 'public' }.ip_address");
    eventually(() -> lines(environment).contains("DTMA_JOIN_TOKEN=" + TOKEN));
    assertThat(lines(environment))
        .contains(
            "DTMA_HOST=" + address,
            "DTMA_PORT=30000",
            "DTMA_STATE_DIR=" + directory(id).resolve("state"),
            "DTMA_EXTRA_LABELS=io.agentopia.simulator.droplet=" + id,
            "DTMA_BOOT_ID=" + bootId(id))
        .anyMatch(l -> l.startsWith("DOCKER_HOST=tcp://" + address + ":2375"))
        .noneMatch(l -> l.contains(FastCloud.TOKEN));
    assertThat(ProcessHandle.of(pid(id)).orElseThrow().info().commandLine().orElse(""))
        .doesNotContain(TOKEN);
  }

  private static java.util.List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      return java.util.List.of();
    }
  }

  @Test
  void anAgentThatDiesIsStartedAgainWithoutPhoningHome() {
    var id = booted();
    var first = pid(id);

    given().post("/control/droplets/" + id + "/kill-agent").then().statusCode(202);

    eventually(() -> runsAnew(id, first));
    assertThat(isAlive(first)).isFalse();
    assertThat(gateway.calls).hasSize(4);
  }

  @Test
  void aDropletThatIsOffRunsNothingUntilItIsOn() {
    var id = booted();
    var first = pid(id);
    var boot = bootId(id);
    unlocked(id);

    act(id, "power_off").statusCode(201).body("action.status", equalTo("in-progress"));
    act(id, "power_on")
        .statusCode(422)
        .body("message", equalTo("Droplet already has a pending event."));
    eventually(() -> status(id).equals("off"));
    eventually(() -> !isAlive(first));
    act(id, "power_off").statusCode(422).body("message", equalTo("The droplet is already off."));

    act(id, "power_on").statusCode(201);
    eventually(() -> status(id).equals("active") && pid(id) != null);
    assertThat(bootId(id)).isNotEqualTo(boot);
    assertThat(gateway.calls).hasSize(4);
  }

  @Test
  void aRebootIsANewBootOfTheSameDisk() {
    var id = booted();
    var first = pid(id);
    var boot = bootId(id);
    unlocked(id);

    var action = act(id, "reboot").statusCode(201).extract().jsonPath().getLong("action.id");

    eventually(() -> runsAnew(id, first) && !bootId(id).equals(boot));
    api()
        .get("/v2/actions/" + action)
        .then()
        .statusCode(200)
        .body("action.status", equalTo("completed"))
        .body("action.type", equalTo("reboot"));
    assertThat(gateway.calls).hasSize(4);
  }

  @Test
  void aDeletedDropletTakesItsProcessWithIt() {
    var id = booted();
    var pid = pid(id);
    unlocked(id);

    api().delete("/v2/droplets/" + id).then().statusCode(204).body(equalTo(""));

    eventually(() -> !isAlive(pid));
    eventually(() -> get(id).extract().statusCode() == 404);
    api().delete("/v2/droplets/" + id).then().statusCode(404).body("id", equalTo("not_found"));
    inside(id)
        .body("droplet.status", equalTo("gone"))
        .body("droplet.goneBecause", equalTo("deleted"));
    given()
        .post("/control/droplets/" + id + "/kill-agent")
        .then()
        .statusCode(409)
        .body("detail", containsString(Long.toString(id)));
  }

  @Test
  void userDataThatCannotBeReadStartsNothingAndIsNoError() {
    var id = created(droplet(unique("silent")).put("user_data", "#!/bin/sh\ntrue\n"));

    eventually(
        () ->
            status(id).equals("active")
                && inside(id).extract().jsonPath().get("machine.dockerHost") != null);
    assertThat(pid(id)).isNull();
  }

  @Test
  void aGatewayThatRefusesDoesNotStopTheBoot() throws IOException {
    gateway.close();
    gateway = new Gateway(401);

    assertThat(isAlive(pid(booted()))).isTrue();
  }
}
