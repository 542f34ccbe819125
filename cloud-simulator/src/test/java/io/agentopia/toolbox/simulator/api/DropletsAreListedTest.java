package io.agentopia.toolbox.simulator.api;

import static io.agentopia.toolbox.simulator.api.Client.api;
import static io.agentopia.toolbox.simulator.api.Client.created;
import static io.agentopia.toolbox.simulator.api.Client.droplet;
import static io.agentopia.toolbox.simulator.api.Client.eventually;
import static io.agentopia.toolbox.simulator.api.Client.get;
import static io.agentopia.toolbox.simulator.api.Client.status;
import static io.agentopia.toolbox.simulator.api.Client.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(FastCloud.class)
class DropletsAreListedTest {
  private static final List<String> REQUIRED =
      List.of(
          "id",
          "name",
          "memory",
          "vcpus",
          "disk",
          "locked",
          "status",
          "created_at",
          "features",
          "backup_ids",
          "next_backup_window",
          "snapshot_ids",
          "image",
          "volume_ids",
          "size",
          "size_slug",
          "networks",
          "region",
          "tags");

  @Test
  void aNewDropletIsNewAndHasNoAddressYet() {
    var name = unique("new");
    var answer =
        api()
            .body(
                droplet(name, "env:test", "web")
                    .put("monitoring", true)
                    .putNull("vpc_uuid")
                    .toString())
            .post("/v2/droplets")
            .then()
            .statusCode(202)
            .body("droplet.status", equalTo("new"))
            .body("droplet.networks.v4", empty())
            .body("droplet.networks.v6", empty())
            .body("droplet.tags", equalTo(List.of("env:test", "web")))
            .body("droplet.features", hasItems("monitoring"))
            .body("droplet", not(hasKey("vpc_uuid")))
            .body("droplet.next_backup_window", nullValue())
            .body("links.actions[0].rel", equalTo("create"))
            .body("links.actions[0].href", matchesPattern("http://.*/v2/actions/\\d+"))
            .header("ratelimit-limit", "100000")
            .header("ratelimit-remaining", matchesPattern("\\d+"))
            .header("ratelimit-reset", matchesPattern("\\d{10}"))
            .extract()
            .jsonPath();
    assertThat(answer.<String, Object>getMap("droplet"))
        .containsKeys(REQUIRED.toArray(String[]::new));

    var id = answer.getLong("droplet.id");
    eventually(() -> status(id).equals("active"));
    eventually(() -> !addresses(id).isEmpty());
    get(id)
        .body(
            "droplet.networks.v4.find { it.type == 'public' }.ip_address",
            matchesPattern("127\\.77\\.\\d+\\.\\d+"))
        .body("droplet.locked", equalTo(false))
        .body("droplet.size.price_monthly", notNullValue());
    api()
        .get("/v2/actions/" + answer.getLong("links.actions[0].id"))
        .then()
        .statusCode(200)
        .body("action.type", equalTo("create"))
        .body("action.status", equalTo("completed"))
        .body("action.region_slug", equalTo("nyc3"))
        .body("action.resource_id", equalTo((int) id));
  }

  private static List<String> addresses(long id) {
    return get(id).extract().jsonPath().getList("droplet.networks.v4.ip_address");
  }

  @Test
  void manyAreMadeAtOnce() {
    var names = List.of(unique("many"), unique("many"), unique("many"));
    var body = droplet("unused");
    body.remove("name");
    var list = body.putArray("names");
    names.forEach(list::add);

    api()
        .body(body.toString())
        .post("/v2/droplets/")
        .then()
        .statusCode(202)
        .body("droplets.name", equalTo(names))
        .body("links.actions", hasSize(3));
  }

  @Test
  void twoHundredDropletsComePageByPage() {
    var tag = unique("page");
    for (var i = 0; i < 20; i++) {
      var body = droplet("unused", tag);
      body.remove("name");
      var list = body.putArray("names");
      for (var j = 0; j < 10; j++) {
        list.add("page-" + i + "-" + j);
      }
      api().body(body.toString()).post("/v2/droplets").then().statusCode(202);
    }

    api()
        .get("/v2/droplets?tag_name=" + tag)
        .then()
        .body("droplets", hasSize(20))
        .body("meta.total", equalTo(200))
        .body("links.pages.next", containsString("page=2"))
        .body("links.pages.next", containsString("tag_name=" + tag))
        .body("links.pages.last", containsString("page=10"))
        .body("links.pages", not(hasKey("prev")));
    api()
        .get("/v2/droplets?per_page=200&tag_name=" + tag)
        .then()
        .body("droplets", hasSize(200))
        .body("links", not(hasKey("pages")));
    api().get("/v2/droplets?per_page=500&tag_name=" + tag).then().body("droplets", hasSize(200));
    api()
        .get("/v2/droplets?page=99&tag_name=" + tag)
        .then()
        .body("droplets", empty())
        .body("meta.total", equalTo(200));

    var seen = walk("/v2/droplets?per_page=30&tag_name=" + tag);
    assertThat(new HashSet<>(seen)).hasSize(200);
    assertThat(seen).hasSize(200).isSorted();

    api().body(droplet(unique("over"), "x").toString()).post("/v2/droplets").then();
    seen.forEach(id -> eventually(() -> isDeleted(id)));
    eventually(() -> walk("/v2/droplets?per_page=200&tag_name=" + tag).isEmpty());
  }

  /** A droplet that is still being made is refused. */
  private static boolean isDeleted(long id) {
    return api().delete("/v2/droplets/" + id).statusCode() == 204;
  }

  private static List<Long> walk(String first) {
    var ids = new ArrayList<Long>();
    for (var next = first; next != null; ) {
      JsonPath page = api().get(next).then().statusCode(200).extract().jsonPath();
      ids.addAll(page.getList("droplets.id", Long.class));
      next = page.getString("links.pages.next");
    }
    return ids;
  }

  @Test
  void listsAreFilteredByTagOrByNameButNotByBoth() {
    var tag = unique("filter");
    var name = unique("Named");
    var tagged = created(droplet(unique("other"), tag, "shared"));
    var named = created(droplet(name, "shared"));

    api()
        .get("/v2/droplets/?tag_name=" + tag)
        .then()
        .body("droplets.id", equalTo(List.of((int) tagged)));
    api()
        .get("/v2/droplets?name=" + name.toLowerCase())
        .then()
        .body("droplets.id", equalTo(List.of((int) named)));
    api()
        .get("/v2/droplets?tag_name=shared&per_page=200")
        .then()
        .body("droplets.tags", everyItem(hasItems("shared")));
    api()
        .get("/v2/droplets?tag_name=nobody-has-it")
        .then()
        .statusCode(200)
        .body("droplets", empty())
        .body("meta.total", equalTo(0));
    api()
        .get("/v2/droplets?name=x&tag_name=y")
        .then()
        .statusCode(400)
        .body("id", equalTo("bad_request"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          name   | under_score     | Only valid hostname characters are allowed. (a-z, A-Z, 0-9, . and -)
          name   |                 | Name can't be blank
          size   | s-9vcpu-9gb     | You specified an invalid size for Droplet creation.
          region | mars1           | You specified an invalid region for Droplet creation.
          region | sfo1            | Region is not available
          image  | windows-95      | You specified an invalid image for Droplet creation.
          tags   | not a tag       | Error validating resource tag
          """)
  void whatCannotBeMadeIsRefusedInDigitalOceansWords(String field, String value, String message) {
    var body = droplet(unique("refused"));
    if (field.equals("tags")) {
      body.putArray(field).add(value);
    } else {
      body.put(field, value);
    }

    api()
        .body(body.toString())
        .post("/v2/droplets")
        .then()
        .statusCode(422)
        .body("id", equalTo("unprocessable_entity"))
        .body("message", containsString(message))
        .body("request_id", notNullValue());
  }

  @Test
  void aSizeThatARegionDoesNotHaveIsRefused() {
    var body = droplet(unique("refused")).put("size", "s-1vcpu-512mb-10gb").put("region", "blr1");

    api()
        .body(body.toString())
        .post("/v2/droplets")
        .then()
        .statusCode(422)
        .body("message", equalTo("Size is not available in this region."));
  }

  @Test
  void userDataMayNotBeLargerThan64KiB() {
    var fits = droplet(unique("large")).put("user_data", "#" + "x".repeat(64 * 1024 - 1));
    var tooLarge = droplet(unique("large")).put("user_data", "#" + "x".repeat(64 * 1024));

    api().body(fits.toString()).post("/v2/droplets").then().statusCode(202);
    api().body(tooLarge.toString()).post("/v2/droplets").then().statusCode(422);
  }

  @Test
  void aRegionMayBeNamedByItsPrefixOrNotAtAll() {
    var prefix = created(droplet(unique("prefix")).put("region", "lon"));
    var none = droplet(unique("none"));
    none.remove("region");

    get(prefix).body("droplet.region.slug", equalTo("lon1"));
    get(created(none)).body("droplet.region.available", equalTo(true));
  }

  @ParameterizedTest
  @CsvSource({"Bearer wrong", "Basic abc", "''"})
  void aWrongTokenIsNotAuthenticated(String header) {
    io.restassured.RestAssured.given()
        .header("Authorization", header)
        .get("/v2/droplets")
        .then()
        .statusCode(401)
        .body("id", equalTo("unauthorized"))
        .body("message", equalTo("Unable to authenticate you"));
  }

  @Test
  void whatIsNotThereIsNotFound() {
    for (var path :
        List.of(
            "/v2/droplets/1",
            "/v2/droplets/abc",
            "/v2/actions/1",
            "/v2/images/none",
            "/v2/nothing")) {
      api()
          .get(path)
          .then()
          .statusCode(404)
          .body("id", equalTo("not_found"))
          .body("message", equalTo("The resource you requested could not be found."));
    }
  }

  @Test
  void aBodyThatIsNotJsonIsABadRequest() {
    api()
        .body("{\"name\":")
        .post("/v2/droplets")
        .then()
        .statusCode(400)
        .body("id", equalTo("bad_request"))
        .body("message", equalTo("error parsing request body"));
  }
}
