package io.agentopia.toolbox.simulator.api;

import static io.agentopia.toolbox.simulator.api.Client.act;
import static io.agentopia.toolbox.simulator.api.Client.created;
import static io.agentopia.toolbox.simulator.api.Client.droplet;
import static io.agentopia.toolbox.simulator.api.Client.eventually;
import static io.agentopia.toolbox.simulator.api.Client.faults;
import static io.agentopia.toolbox.simulator.api.Client.inside;
import static io.agentopia.toolbox.simulator.api.Client.noFaults;
import static io.agentopia.toolbox.simulator.api.Client.pid;
import static io.agentopia.toolbox.simulator.api.Client.runsAnew;
import static io.agentopia.toolbox.simulator.api.Client.unique;
import static io.agentopia.toolbox.simulator.api.Client.unlocked;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A droplet's agent moves to another image; what the agent would write, the test writes. */
@QuarkusTest
@TestProfile(FastCloud.class)
class AgentMovesTest {
  private static final String NEXT = "docker.io/agentopia/dtma@sha256:" + "7c".repeat(32);
  private Gateway gateway;
  private long id;
  private String former;

  @BeforeEach
  void aDroplet() throws IOException {
    gateway = new Gateway(202);
    id = created(droplet(unique("moves")).put("user_data", gateway.userData("join-token-1")));
    eventually(() -> inside(id).extract().jsonPath().get("machine") != null && pid(id) != null);
    former = image();
  }

  @AfterEach
  void close() {
    noFaults();
    gateway.close();
  }

  @Test
  void theAgentIsToldItsImageByDigestAndAlwaysTheSame() {
    assertThat(former).matches("docker\\.io/agentopia/dtma@sha256:[0-9a-f]{64}");
    eventually(() -> text(environment()).contains("DTMA_IMAGE=" + former));
    assertThat(onTrial()).isFalse();
  }

  @Test
  void aConfirmedImageStaysAlsoAfterAReboot() throws IOException {
    asksFor(NEXT);
    eventually(() -> image().equals(NEXT) && onTrial() && pid(id) != null);
    eventually(() -> text(environment()).contains("DTMA_IMAGE=" + NEXT));
    assertThat(upgrade("next")).doesNotExist();
    var tried = pid(id);
    Files.writeString(upgrade("confirmed"), NEXT + "\n");
    eventually(() -> !onTrial());
    assertThat(image()).isEqualTo(NEXT);
    assertThat(pid(id)).isEqualTo(tried);

    unlocked(id);
    act(id, "reboot").statusCode(201);
    eventually(() -> runsAnew(id, tried));
    assertThat(image()).isEqualTo(NEXT);
    assertThat(upgrade("failed")).doesNotExist();
  }

  @Test
  void anImageWhoseAgentBreaksIsTriedThreeTimesAndTheFormerRunsAgain() throws IOException {
    faults(
        "{\"kind\":\"broken_agent\",\"status\":3,\"match\":{\"dropletId\":%d,\"image\":\".*@sha256:7c7c.*\"}}"
            .formatted(id));
    asksFor(NEXT);
    eventually(() -> Files.exists(upgrade("failed")));
    assertThat(upgrade("failed"))
        .hasContent(NEXT + "\nthe agent of this image ended 3 times (exit code 3)");
    eventually(() -> image().equals(former) && pid(id) != null);
    assertThat(onTrial()).isFalse();
  }

  @Test
  void anImageWhoseAgentNeverConfirmsIsGivenUpInTime() throws IOException {
    asksFor(NEXT);
    eventually(() -> onTrial() && pid(id) != null);
    var tried = pid(id);
    eventually(() -> Files.exists(upgrade("failed")));
    assertThat(upgrade("failed"))
        .hasContent(NEXT + "\nthe agent of this image was not confirmed within 5 s");
    eventually(() -> image().equals(former) && runsAnew(id, tried));
  }

  @Test
  void anAgentThatHangsByAFaultIsGivenUpToo() throws IOException {
    faults(
        "{\"kind\":\"broken_agent\",\"delayMs\":600000,\"match\":{\"dropletId\":%d,\"image\":\".*@sha256:7c7c.*\"}}"
            .formatted(id));
    asksFor(NEXT);
    eventually(() -> onTrial() && pid(id) == null);
    eventually(() -> image().equals(former) && pid(id) != null);
    assertThat(text(upgrade("failed"))).contains("not confirmed within 5 s");
  }

  @Test
  void whatIsNoReferenceByDigestIsRemoved() throws IOException {
    asksFor("docker.io/agentopia/dtma:latest");
    eventually(() -> !Files.exists(upgrade("next")) && pid(id) != null);
    assertThat(image()).isEqualTo(former);
  }

  @Test
  void theFaultSaysWhatItUnderstands() {
    given()
        .body("{\"kind\":\"broken_agent\",\"status\":500}")
        .post("/control/faults")
        .then()
        .statusCode(400)
        .body(containsString("0 to 255"));
  }

  /** As the agent does: the wish is left, and it ends. */
  private void asksFor(String reference) throws IOException {
    Files.createDirectories(upgrade(""));
    Files.writeString(upgrade("next"), reference + "\n");
    given().post("/control/droplets/" + id + "/kill-agent").then().statusCode(202);
  }

  private String image() {
    return inside(id).extract().jsonPath().getString("machine.agentImage");
  }

  private boolean onTrial() {
    return inside(id).extract().jsonPath().getBoolean("machine.agentImageOnTrial");
  }

  private Path upgrade(String file) {
    var log = Path.of(inside(id).extract().jsonPath().getString("machine.agentLog"));
    return log.resolveSibling("state").resolve("upgrade").resolve(file);
  }

  private Path environment() {
    return Path.of(inside(id).extract().jsonPath().getString("machine.agentLog"))
        .resolveSibling("env.txt");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }
}
