package io.agentopia.toolbox.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.not;

import io.agentopia.toolbox.gateway.account.ApiKeys;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever came in by a key is out when the key is revoked, by whatever way he came. */
@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
@QuarkusTestResource(FakeServices.class)
class RevokedKeyTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final String COOKIE = "toolbox_session";

  @Inject DataSource database;

  private String key(String role) throws SQLException {
    var key = "tbx_of_this_test_" + UUID.randomUUID();
    run(
        "insert into api_keys (hash, account_id, role, label, created_at) values (?, 'acct-revoked', '"
            + role
            + "', 'test', now())",
        key);
    return key;
  }

  private void revoke(String key) throws SQLException {
    run("update api_keys set revoked_at = now() where hash = ?", key);
  }

  private void run(String sql, String key) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setString(1, ApiKeys.hash(key));
      assertThat(statement.executeUpdate()).isEqualTo(1);
    }
  }

  private static String signedIn(String key) {
    return given()
        .redirects()
        .follow(false)
        .formParam("key", key)
        .post("/ui/login")
        .then()
        .statusCode(303)
        .extract()
        .cookie(COOKIE);
  }

  private static int page(String session) {
    return given().redirects().follow(false).cookie(COOKIE, session).get("/ui").statusCode();
  }

  /** Completes with the stream's last line when the server ends it. */
  private static CompletableFuture<String> stream(String header, String value) {
    var uri = URI.create(RestAssured.baseURI + ":" + RestAssured.port + "/v1/events");
    var request = HttpRequest.newBuilder(uri).header(header, value).build();
    return HttpClient.newHttpClient()
        .sendAsync(request, BodyHandlers.ofLines())
        .thenApply(
            response -> {
              assertThat(response.statusCode()).isEqualTo(200);
              return response.body();
            })
        .thenApplyAsync((Stream<String> lines) -> lines.reduce("", (a, b) -> b));
  }

  @ParameterizedTest
  @ValueSource(strings = {"user", "operator"})
  void itsSessionsAndStreamsEndWithinTenSeconds(String role) throws Exception {
    var key = key(role);
    var session = signedIn(key);
    assertThat(page(session)).isEqualTo(200);
    var byKey = stream("Authorization", "Bearer " + key);
    var bySession = stream("Cookie", COOKIE + "=" + session);
    var other = stream("Authorization", "Bearer tbx_key_of_account_one");

    revoke(key);
    await().atMost(SOON).until(() -> page(session) == 303);
    byKey.get(SOON.toSeconds(), TimeUnit.SECONDS);
    bySession.get(SOON.toSeconds(), TimeUnit.SECONDS);
    given().header("Authorization", "Bearer " + key).get("/v1/toolboxes").then().statusCode(401);
    assertThat(other).isNotDone();
    other.cancel(true);
  }

  @Test
  void aSessionThatNamesNoKeyIsNone() {
    assertThat(page("abc.def")).isEqualTo(303);
    assertThat(page("")).isEqualTo(303);
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://elsewhere.test", "null", "http://localhost.elsewhere.test"})
  void nobodyIsSignedInByAnotherSitesForm(String origin) {
    given()
        .header("Origin", origin)
        .formParam("key", "tbx_key_of_account_one")
        .post("/ui/login")
        .then()
        .statusCode(403)
        .body("type", endsWith(":foreign_origin"));
  }

  @Test
  void aFailedSignInIsAudited() {
    given().formParam("key", "tbx_nobodys").post("/ui/login").then().statusCode(401);
    await()
        .untilAsserted(
            () ->
                given()
                    .header("Authorization", "Bearer tbx_key_of_operations")
                    .get("/v1/audit/credentials?credential=api_key")
                    .then()
                    .statusCode(200)
                    .body("items[0].count", greaterThan(0))
                    .body("items[0].reason", equalTo("unknown")));
  }

  @Test
  void theCookieGoesByTlsOnlyWhereThePageCameByTls() {
    var plain =
        given()
            .redirects()
            .follow(false)
            .formParam("key", "tbx_key_of_account_one")
            .post("/ui/login")
            .then()
            .extract()
            .header("Set-Cookie");
    assertThat(plain).contains("HttpOnly").containsIgnoringCase("SameSite=Strict");
    assertThat(plain).doesNotContain("Secure");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/internal/replay-previews", "/internal/topic-rebuilds", "/internal"})
  void whatServicesAskOfEachOtherIsNotOnThisPort(String path) {
    given()
        .header("Authorization", "Bearer internal-test-key")
        .contentType("application/json")
        .body("[]")
        .post(path)
        .then()
        .statusCode(404)
        .contentType("application/problem+json")
        .body("detail", not(containsString("internal")));
  }
}
