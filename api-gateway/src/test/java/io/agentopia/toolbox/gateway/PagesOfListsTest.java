package io.agentopia.toolbox.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever reads a list page by page sees each entry once, also where several are of one time. */
@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
@QuarkusTestResource(FakeServices.class)
class PagesOfListsTest {
  @Inject DataSource database;
  private String id;

  @BeforeEach
  void aToolbox() {
    id =
        as("tbx_key_of_account_one")
            .contentType("application/json")
            .body(
                Map.of(
                    "name",
                    "p-" + UUID.randomUUID().toString().substring(0, 13),
                    "region",
                    "nyc3",
                    "size",
                    "s-1vcpu-1gb"))
            .post("/v1/toolboxes")
            .then()
            .statusCode(202)
            .extract()
            .path("id");
  }

  @Test
  void aTimelineGoesOnWhereTheToolboxsOwnBegins() throws SQLException {
    write(
        "insert into toolbox_timeline (toolbox_id, generation, stage, at, detail)"
            + " select '%s', 0, 'active', now() + n / 3 * interval '1 second', n"
            + " from generate_series(0, 449) n");
    var toolbox = read(address("", Map.of()));
    assertThat(toolbox.getList("timeline.detail")).isEqualTo(numbers(250, 450));

    var earlier = walk("/timeline", "items.detail", 60, toolbox.getString("timelineCursor"));
    assertThat(earlier).isEqualTo(numbers(0, 250).reversed());
    assertThat(walk("/timeline", "items.detail", 200, null)).isEqualTo(numbers(0, 450).reversed());
  }

  @Test
  void aShortTimelineIsWhole() {
    assertThat(read(address("", Map.of())).getString("timelineCursor")).isNull();
    assertThat(read(address("/timeline", Map.of())).getList("items")).isEmpty();
  }

  @Test
  void ofALongBootTheLatestStagesComeFirstAndItIsSaidOnEachPageHowItEnded() throws SQLException {
    write(
        "insert into toolbox_timeline (toolbox_id, generation, stage, at, detail)"
            + " select '%1$s', (select generation from toolbox_view where id = '%1$s'),"
            + " case when n = 299 then 'failed' else 'image_pull' end,"
            + " now() + n * interval '1 second', n from generate_series(0, 299) n");
    var latest = read(address("/boot", Map.of()));
    assertThat(latest.getList("stages.detail")).isEqualTo(numbers(100, 300));
    assertThat(latest.getBoolean("failed")).isTrue();
    assertThat(latest.getLong("stages[0].tookMs")).isEqualTo(1000);

    var first = read(address("/boot", Map.of("cursor", latest.getString("nextCursor"))));
    assertThat(first.getList("stages.detail")).isEqualTo(numbers(0, 100));
    assertThat(first.getBoolean("failed")).isTrue();
    assertThat(first.getLong("stages[0].tookMs")).isZero();
    assertThat(first.getString("nextCursor")).isNull();
  }

  @Test
  void behindTheToolsThatAreThereComeThoseThatWereRemovedAndNoneTwice() throws SQLException {
    var there =
        as("tbx_key_of_account_one")
            .contentType("application/json")
            .body(Map.of("name", "there", "image", "nginx:1"))
            .post("/v1/toolboxes/" + id + "/tools")
            .then()
            .statusCode(202)
            .extract()
            .<String>path("name");
    write(
        "insert into tool_view (id, toolbox_id, account_id, name, spec, status, created_at, updated_at)"
            + " select gen_random_uuid(), toolbox_id, account_id, 'removed-' || n, spec, 'removed',"
            + " created_at, created_at + n / 4 * interval '1 second'"
            + " from tool_view, generate_series(0, 129) n where toolbox_id = '%s'");
    assertThat(read(address("/tools", Map.of())).getList("items.name")).containsExactly(there);

    var names = walk("/tools", Map.of("removed", "true"), "items.name", 20, null);
    assertThat(names).hasSize(131).doesNotHaveDuplicates().first().isEqualTo(there);
    assertThat(names.subList(1, 3))
        .allMatch(n -> n.equals("removed-129") || n.equals("removed-128"));
  }

  @Test
  void theAuditIsReadToItsBeginning() throws SQLException {
    write(
        "insert into refused_credentials (hour, credential, reason, toolbox_id, generation,"
            + " remote_address, count, first_at, last_at)"
            + " select date_trunc('hour', now()), 'agent_token', 'expired', '%s', n, '192.0.2.1', 1,"
            + " now(), now() + n / 2 * interval '1 second' from generate_series(0, 20) n");
    var all = new ArrayList<Integer>();
    String cursor = null;
    do {
      var page = operators(cursor);
      all.addAll(page.getList("items.generation"));
      cursor = page.getString("nextCursor");
    } while (cursor != null);
    assertThat(all).isEqualTo(IntStream.rangeClosed(0, 20).boxed().toList().reversed());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/toolboxes",
        "/v1/toolboxes/{id}/timeline",
        "/v1/toolboxes/{id}/boot",
        "/v1/toolboxes/{id}/tools?removed=true",
        "/v1/dead-letters",
        "/v1/audit/credentials"
      })
  void aWrongPageIsRefusedByName(String list) {
    var with = list.replace("{id}", id) + (list.contains("?") ? "&" : "?");
    for (var cursor : List.of("!!", "MjAyNg", "OTk5OTk5LTAxLTAxVDAwOjAwOjAwWiAx")) {
      refused(with + "cursor=" + cursor, "cursor");
    }
    for (var limit : List.of("0", "-1", "100000", "many")) {
      refused(with + "limit=" + limit, "limit");
    }
  }

  @Test
  void thePageShowsTheNewestAndOffersMore() throws SQLException {
    var session = WebSession.signIn("tbx_key_of_account_one");
    var page = "/ui/toolboxes/" + id;
    ui(session, page).then().statusCode(200).body(not(containsString("Earlier")));
    write(
        "insert into toolbox_timeline (toolbox_id, generation, stage, at, detail)"
            + " select '%s', 0, 'active', now() + n * interval '1 second', 'entry ' || n"
            + " from generate_series(0, 249) n");
    ui(session, page)
        .then()
        .statusCode(200)
        .body(containsString("Earlier"))
        .body(containsString("entry 50<"))
        .body(not(containsString("entry 49<")));
    var cursor = read(address("", Map.of())).getString("timelineCursor");
    ui(session, "/ui/parts/toolboxes/" + id + "/timeline?cursor=" + cursor)
        .then()
        .statusCode(200)
        .body(containsString("entry 49<"))
        .body(containsString("entry 0<"))
        .body(not(containsString("Earlier")));
    ui(session, "/ui?cursor=!!").then().statusCode(400).body(containsString("cursor"));
  }

  private void write(String sql) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql.formatted(id));
    }
  }

  /** One of the fields of all items, page after page. */
  private List<String> walk(String list, String field, int limit, String from) {
    return walk(list, Map.of(), field, limit, from);
  }

  private List<String> walk(
      String list, Map<String, String> query, String field, int limit, String from) {
    var all = new ArrayList<String>();
    var cursor = from;
    do {
      var with = new java.util.HashMap<>(query);
      with.put("limit", Integer.toString(limit));
      if (cursor != null) {
        with.put("cursor", cursor);
      }
      var page = read(address(list, with));
      all.addAll(page.getList(field));
      cursor = page.getString("nextCursor");
    } while (cursor != null);
    return all;
  }

  private String address(String list, Map<String, String> query) {
    var text = new StringBuilder("/v1/toolboxes/" + id + list);
    query.forEach(
        (name, value) ->
            text.append(text.indexOf("?") < 0 ? '?' : '&').append(name).append('=').append(value));
    return text.toString();
  }

  private static JsonPath read(String address) {
    return as("tbx_key_of_account_one").get(address).then().statusCode(200).extract().jsonPath();
  }

  private JsonPath operators(String cursor) {
    var query = "?limit=4&toolboxId=" + id + (cursor == null ? "" : "&cursor=" + cursor);
    return as("tbx_key_of_operations")
        .get("/v1/audit/credentials" + query)
        .then()
        .statusCode(200)
        .extract()
        .jsonPath();
  }

  private static void refused(String address, String field) {
    as("tbx_key_of_operations")
        .get(address)
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("errors[0].field", equalTo(field));
  }

  private static Response ui(String session, String address) {
    return given().cookie("toolbox_session", session).urlEncodingEnabled(false).get(address);
  }

  private static io.restassured.specification.RequestSpecification as(String key) {
    return given().header("Authorization", "Bearer " + key).urlEncodingEnabled(false);
  }

  private static List<String> numbers(int from, int to) {
    return IntStream.range(from, to).mapToObj(Integer::toString).toList();
  }
}
