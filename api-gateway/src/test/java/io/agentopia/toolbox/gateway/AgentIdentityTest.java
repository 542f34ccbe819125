package io.agentopia.toolbox.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.gateway.FakeServices.Answer;
import io.agentopia.toolbox.runtime.security.AgentKeys;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.agentopia.toolbox.testing.Hostile;
import io.agentopia.toolbox.testing.TestBus;
import io.agentopia.toolbox.testing.Told;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.smallrye.jwt.build.Jwt;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which agents come in, which do not, and what is kept of those. */
@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
@QuarkusTestResource(FakeServices.class)
class AgentIdentityTest {
  private static final Duration DAY = Duration.ofHours(24);
  private final UUID toolbox = UUID.randomUUID();

  @BeforeEach
  @AfterEach
  void oneKeyOfEachKind() {
    FakeServices.keys(FakeServices.FIRST);
  }

  @Test
  void aTokenOfAnotherKeyIsRefusedAndAuditedWithTheToolboxItClaimsAndWithoutTheToken() {
    isKnown();
    var forged = token("a-key-that-is-not-ours-but-is-long-enough", Instant.now(), DAY, 1);
    heartbeat(forged).statusCode(401).body("type", endsWith(":agent_token_invalid"));
    heartbeat(forged).statusCode(401);
    heartbeat(FakeServices.FIRST).statusCode(401);
    heartbeat(unsigned()).statusCode(401);
    audited("signature", 2).body(not(containsString(forged.substring(0, 60))));
  }

  @Test
  void anAgentIsToldWhereToCallAndAToolboxWhoseAgentCallsElsewhereSaysSo() {
    isKnown();
    var token = token(FakeServices.FIRST, Instant.now(), DAY, 1);
    heartbeat(token)
        .statusCode(200)
        .body(
            "backendUrls",
            equalTo(List.of("https://new.example.org", "https://old.example.org/base")));
    await()
        .untilAsserted(
            () -> toolboxDocument().body("agent.callsFormerAddress", containsString("127.0.0.1:")));
    await()
        .untilAsserted(
            () -> {
              given()
                  .header("Authorization", "Bearer " + token)
                  .header("Host", "new.example.org")
                  .contentType(ContentType.JSON)
                  .body(Hostile.soundBeat())
                  .post("/agent/v1/heartbeat")
                  .then()
                  .statusCode(200);
              toolboxDocument().body("agent.callsFormerAddress", nullValue());
            });
  }

  private ValidatableResponse toolboxDocument() {
    return given()
        .header("Authorization", "Bearer tbx_key_of_account_one")
        .get("/v1/toolboxes/" + toolbox)
        .then()
        .statusCode(200);
  }

  /** Anybody can write any id into a token that nobody signed: it fills no table. */
  @Test
  void aToolboxThatIsOnlyClaimedAndDoesNotExistIsNotKept() {
    heartbeat(unsigned()).statusCode(401);
    heartbeat(token("a-key-that-is-not-ours-but-is-long-enough", Instant.now(), DAY, 1))
        .statusCode(401);
    await()
        .untilAsserted(
            () ->
                operator("?credential=agent_token")
                    .body(
                        "items.findAll { it.reason == 'signature' && it.toolboxId == null }.size()",
                        greaterThan(0)));
    operator("?toolboxId=" + toolbox).body("items", hasSize(0));
  }

  @Test
  void anExpiredTokenIsRefusedAndCanBeRenewedOnlyByWhoHoldsTheInboundKeyToo() {
    var expired = token(FakeServices.FIRST, Instant.now().minus(DAY.multipliedBy(3)), DAY, 1);
    heartbeat(expired).statusCode(401).body("type", endsWith(":agent_token_expired"));
    audited("expired", 1);

    renew(expired, AgentKeys.proof(AgentKeys.derive(FakeServices.FIRST, toolbox, 2), expired))
        .statusCode(401)
        .body("type", endsWith(":agent_proof_invalid"));
    renew(expired, null).statusCode(401);
    audited("proof", 2);

    var proof = AgentKeys.proof(AgentKeys.derive(FakeServices.FIRST, toolbox, 1), expired);
    var renewed = renew(expired, proof).statusCode(200).extract().jsonPath();
    heartbeat(renewed.getString("agentToken")).statusCode(200);
  }

  @Test
  void anAgentThatWasAwayForTooLongIsToldThatTheToolboxIsToBeRecreated() {
    var over = token(FakeServices.FIRST, Instant.now().minus(DAY.multipliedBy(9)), DAY, 1);
    var proof = AgentKeys.proof(AgentKeys.derive(FakeServices.FIRST, toolbox, 1), over);
    renew(over, proof)
        .statusCode(401)
        .body("type", endsWith(":agent_token_expired"))
        .body("action", containsString("recreate the toolbox"));
    audited("expired", 1);
  }

  @Test
  void theCredentialsOfAReplacedDropletDieWithIt() {
    var joined = join();
    var old = joined.getString("agentToken");
    heartbeat(old).statusCode(200);
    var bus = TestBus.get();
    bus.publish(
        Told.toolboxAccepted(
            new Subject(toolbox, "acct-1", 1, 1),
            ToolboxStatus.PENDING_PROVISION,
            "replaced-" + toolbox,
            "nyc3",
            "s-1vcpu-1gb"));
    bus.publish(
        Told.dropletCreated(
            new Subject(toolbox, "acct-1", 2, 2), ToolboxStatus.PROVISIONING, 42, "d"));
    await()
        .untilAsserted(
            () -> heartbeat(old).statusCode(401).body("type", endsWith(":agent_token_replaced")));
    given()
        .header("Authorization", "Bearer " + old)
        .get("/agent/v1/manifest")
        .then()
        .statusCode(401);
    renew(old, AgentKeys.proof(joined.getString("inboundKey"), old)).statusCode(401);
    await()
        .untilAsserted(
            () ->
                operator("?toolboxId=" + toolbox)
                    .body("items.find { it.reason == 'replaced' }.generation", equalTo(1)));
    assertThat(AgentKeys.derive(FakeServices.FIRST, toolbox, 2))
        .isNotEqualTo(joined.getString("inboundKey"));
  }

  @Test
  void aRotationRefusesNobodyUntilItsOverlapIsOver() {
    isKnown();
    var joined = join();
    var old = joined.getString("agentToken");
    assertThat(joined.getList("inboundKeys.id", String.class)).containsExactly("first");

    FakeServices.keys(FakeServices.SECOND, FakeServices.FIRST);
    await().untilAsserted(() -> heartbeat(old).statusCode(200).body("agentToken", notNullValue()));
    var told =
        heartbeat(old)
            .body("inboundKeys.id", contains("second", "first"))
            .body("inboundKeys[0].key", equalTo(AgentKeys.derive(FakeServices.SECOND, toolbox, 1)))
            .extract()
            .jsonPath();
    var renewed = told.getString("agentToken");
    heartbeat(renewed, "second", "first")
        .statusCode(200)
        .body("agentToken", nullValue())
        .body("inboundKeys", nullValue());

    FakeServices.keys(FakeServices.SECOND);
    await().untilAsserted(() -> heartbeat(old).statusCode(401));
    heartbeat(renewed, "second").statusCode(200);
    audited("signature", 1);
  }

  @Test
  void aJoinThatIsRefusedIsPassedOnAndAuditedWithTheToolboxTheProvisionerKnows() {
    var refusal =
        new Answer(
            409,
            "{\"status\": 409}",
            Map.of(
                "Refused-Reason", "used",
                "Refused-Toolbox", toolbox.toString(),
                "Refused-Generation", "1"));
    FakeServices.ANSWERS.put("/internal/agents/join", refusal);
    given()
        .header("Authorization", "Bearer tbj_stolen")
        .contentType(ContentType.JSON)
        .body(Map.of("nonce", "b".repeat(64)))
        .post("/agent/v1/join")
        .then()
        .statusCode(409)
        .header("Refused-Toolbox", nullValue());
    audited("used", 1).body("items.credential", hasItem("join_token"));
  }

  @Test
  void theAuditIsForOperators() {
    given()
        .header("Authorization", "Bearer tbx_key_of_account_one")
        .get("/v1/audit/credentials")
        .then()
        .statusCode(403);
    operator("?limit=0").statusCode(400).body("errors[0].field", equalTo("limit"));
    operator("?toolboxId=x").statusCode(400);
    given()
        .header("Authorization", "Bearer tbx_guessed")
        .get("/v1/toolboxes")
        .then()
        .statusCode(401);
    await()
        .untilAsserted(
            () ->
                operator("?credential=api_key")
                    .statusCode(200)
                    .body("items[0].remoteAddress", equalTo("127.0.0.1")));
  }

  /**
   * Every value of every document that agents send, replaced by every value a liar may think of: it
   * is answered, and never with an error of ours. Another one's agent is heard throughout.
   */
  @Test
  void whateverAnAgentSendsIsAnsweredAndNobodyElseWaits() {
    var token = token(FakeServices.FIRST, Instant.now(), DAY, 1);
    FakeServices.ANSWERS.put("/internal/agents/boot", new Answer(202, ""));
    var made = new AtomicInteger();
    var bodies = new LinkedHashMap<String, Map<String, Object>>();
    bodies.put("/agent/v1/heartbeat", Hostile.soundBeat());
    bodies.put("/agent/v1/report", Hostile.soundReport());
    bodies.put("/agent/v1/boot", Hostile.soundBoot());
    bodies.put("/agent/v1/token", Map.of("proof", "of nothing"));
    bodies.forEach(
        (path, sound) -> {
          Hostile.each(
              sound,
              json -> {
                if (made.incrementAndGet() % (json.length() > 10_000 ? 37 : 5) != 0) {
                  return; // all of them pass the gate in AgentWordsTest
                }
                var status = sent(path, token, json);
                assertThat(status).as("%s of %.200s", path, json).isIn(200, 202, 400, 401);
                if (path.endsWith("/heartbeat")) {
                  assertThat(status).as("%s of %.200s", path, json).isLessThan(300);
                }
              });
          var other = new AgentIdentityTest();
          heartbeat(other.token(FakeServices.FIRST, Instant.now(), DAY, 1)).statusCode(200);
        });
    for (var nothing : List.of("", "null", "[]", "{", "\u0000", "5")) {
      assertThat(sent("/agent/v1/heartbeat", token, nothing)).isEqualTo(400);
      assertThat(sent("/agent/v1/report", token, nothing)).isEqualTo(400);
    }
  }

  private static int sent(String path, String token, String json) {
    return given()
        .header("Authorization", "Bearer " + token)
        .contentType("application/json")
        .body(json.getBytes(StandardCharsets.UTF_8))
        .post(path)
        .statusCode();
  }

  /** There is a toolbox of that id. */
  private void isKnown() {
    TestBus.get()
        .publish(
            Told.toolboxAccepted(
                new Subject(toolbox, "acct-1", 1, 1),
                ToolboxStatus.PENDING_PROVISION,
                "n" + toolbox,
                "nyc3",
                "s-1vcpu-1gb"));
    await()
        .until(
            () ->
                given()
                        .header("Authorization", "Bearer tbx_key_of_account_one")
                        .get("/v1/toolboxes/" + toolbox)
                        .statusCode()
                    == 200);
  }

  private JsonPath join() {
    FakeServices.ANSWERS.put(
        "/internal/agents/join",
        new Answer(
            200,
            "{\"toolboxId\": \"%s\", \"accountId\": \"acct-1\", \"generation\": 1}"
                .formatted(toolbox)));
    return given()
        .header("Authorization", "Bearer tbj_once")
        .contentType(ContentType.JSON)
        .body(Map.of("nonce", "a".repeat(64)))
        .post("/agent/v1/join")
        .then()
        .statusCode(200)
        .extract()
        .jsonPath();
  }

  private static ValidatableResponse heartbeat(String token, String... inboundKeyIds) {
    var ids = inboundKeyIds.length == 0 ? List.of("first") : List.of(inboundKeyIds);
    return given()
        .header("Authorization", "Bearer " + token)
        .contentType(ContentType.JSON)
        .body(Map.of("sequence", 1, "agentVersion", "0.1.0", "inboundKeyIds", ids))
        .post("/agent/v1/heartbeat")
        .then();
  }

  private static ValidatableResponse renew(String token, String proof) {
    return given()
        .header("Authorization", "Bearer " + token)
        .contentType(ContentType.JSON)
        .body(proof == null ? Map.of() : Map.of("proof", proof))
        .post("/agent/v1/token")
        .then();
  }

  private ValidatableResponse audited(String reason, int count) {
    await()
        .untilAsserted(
            () ->
                operator("?toolboxId=" + toolbox)
                    .body("items.find { it.reason == '" + reason + "' }.count", equalTo(count))
                    .body("items[0].remoteAddress", equalTo("127.0.0.1")));
    return operator("?toolboxId=" + toolbox);
  }

  private static ValidatableResponse operator(String query) {
    return given()
        .header("Authorization", "Bearer tbx_key_of_operations")
        .get("/v1/audit/credentials" + query)
        .then();
  }

  private String token(String secret, Instant issuedAt, Duration life, long generation) {
    return Jwt.issuer("agentopia-toolbox")
        .audience("agent")
        .subject(toolbox.toString())
        .claim("account", "acct-1")
        .claim("generation", generation)
        .issuedAt(issuedAt)
        .expiresAt(issuedAt.plus(life))
        .sign(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
  }

  /** {@code alg: none}, which a careless verifier takes. */
  private String unsigned() {
    var encoder = Base64.getUrlEncoder().withoutPadding();
    var claims = token(FakeServices.FIRST, Instant.now(), DAY, 1).split("\\.")[1];
    return encoder.encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8))
        + "."
        + claims
        + ".";
  }
}
