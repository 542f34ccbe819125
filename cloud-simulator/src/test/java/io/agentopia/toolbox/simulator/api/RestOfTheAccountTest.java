package io.agentopia.toolbox.simulator.api;

import static io.agentopia.toolbox.simulator.api.Client.api;
import static io.agentopia.toolbox.simulator.api.Client.created;
import static io.agentopia.toolbox.simulator.api.Client.droplet;
import static io.agentopia.toolbox.simulator.api.Client.get;
import static io.agentopia.toolbox.simulator.api.Client.unique;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import org.hamcrest.Matcher;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(FastCloud.class)
class RestOfTheAccountTest {
  @Test
  void theCatalogIsRealistic() {
    api()
        .get("/v2/regions?per_page=200")
        .then()
        .statusCode(200)
        .body(
            "regions.slug",
            hasItems(
                "nyc1", "nyc3", "ams3", "sfo3", "fra1", "lon1", "sgp1", "tor1", "blr1", "syd1"))
        .body("regions.find { it.slug == 'nyc3' }.sizes", hasItems("s-1vcpu-1gb", "s-4vcpu-8gb"))
        .body("regions.find { it.slug == 'sfo1' }.available", equalTo(false));
    api()
        .get("/v2/sizes")
        .then()
        .statusCode(200)
        .body("sizes.find { it.slug == 's-1vcpu-1gb' }.price_monthly", equalTo(6))
        .body("sizes.find { it.slug == 's-1vcpu-1gb' }.memory", equalTo(1024))
        .body("sizes.description", everyItem(notNullValue()));
    api()
        .get("/v2/images?type=distribution")
        .then()
        .statusCode(200)
        .body("images.slug", hasItems("debian-12-x64", "ubuntu-24-04-x64"))
        .body("images.'public'", everyItem(equalTo(true)));
    api()
        .get("/v2/images/debian-12-x64")
        .then()
        .statusCode(200)
        .body("image.distribution", equalTo("Debian"));
  }

  @Test
  void tagsAreMadeGivenAndTaken() {
    var tag = unique("Tag");
    var id = created(droplet(unique("tagged")));
    api()
        .body("{\"name\":\"" + tag + "\"}")
        .post("/v2/tags")
        .then()
        .statusCode(201)
        .body("tag.name", equalTo(tag))
        .body("tag.resources.count", equalTo(0));
    var resources =
        "{\"resources\":[{\"resource_id\":\"%d\",\"resource_type\":\"droplet\"}]}".formatted(id);

    api().body(resources).post("/v2/tags/" + tag + "/resources/").then().statusCode(204);
    get(id).body("droplet.tags", hasItem(tag));
    api()
        .body("{\"name\":\"" + tag + "\"}")
        .post("/v2/tags")
        .then()
        .body("tag.resources.droplets.count", equalTo(1))
        .body("tag.resources.last_tagged_uri", endsWith("/v2/droplets/" + id));

    api().body(resources).delete("/v2/tags/" + tag + "/resources").then().statusCode(204);
    get(id).body("droplet.tags", not(hasItem(tag)));
  }

  @Test
  void aTagKeepsTheSpellingThatMadeIt() {
    var tag = unique("Case");
    api().body("{\"name\":\"" + tag + "\"}").post("/v2/tags").then().statusCode(201);

    var id = created(droplet(unique("case"), tag.toUpperCase()));

    get(id).body("droplet.tags", equalTo(List.of(tag)));
  }

  @Test
  void aTagWithWrongCharactersHasRootCauses() {
    api()
        .body("{\"name\":\"no good\"}")
        .post("/v2/tags")
        .then()
        .statusCode(400)
        .body("error", containsString("contains invalid characters"))
        .body("messages", nullValue())
        .body("root_causes", hasSize(1));
  }

  @Test
  void resourcesThatAreNotThereAreNotTagged() {
    var tag = unique("none");
    api().body("{\"name\":\"" + tag + "\"}").post("/v2/tags").then().statusCode(201);

    api()
        .body("{\"resources\":[{\"resource_id\":\"1\",\"resource_type\":\"droplet\"}]}")
        .post("/v2/tags/" + tag + "/resources")
        .then()
        .statusCode(404);
  }

  @Test
  void firewallsAreKept() {
    var tag = unique("fw");
    var id = created(droplet(unique("walled"), tag));
    var rule =
        "{\"protocol\":\"tcp\",\"ports\":\"%s\",\"sources\":{\"addresses\":[\"0.0.0.0/0\"]}}";
    var body =
        "{\"name\":\"%s\",\"inbound_rules\":[%s],\"outbound_rules\":null,\"droplet_ids\":[%d],\"tags\":[\"%s\"]}";
    var name = unique("fw");
    var firewall =
        api()
            .body(body.formatted(name, rule.formatted("22"), id, tag))
            .post("/v2/firewalls")
            .then()
            .statusCode(202)
            .body("firewall.status", equalTo("succeeded"))
            .body("firewall.droplet_ids", equalTo(List.of((int) id)))
            .extract()
            .jsonPath()
            .getString("firewall.id");
    var path = "/v2/firewalls/" + firewall;

    api()
        .body("{\"inbound_rules\":[" + rule.formatted("all") + "]}")
        .post(path + "/rules")
        .then()
        .statusCode(204);
    shown(firewall, "inbound_rules.ports", equalTo(List.of("22", "0")));
    shown(firewall, "tags", equalTo(List.of(tag)));

    api().body("{\"tags\":[\"" + tag + "\"]}").delete(path + "/tags").then().statusCode(204);
    shown(firewall, "tags", empty());

    api()
        .body("{\"name\":\"" + name + "\",\"inbound_rules\":[" + rule.formatted("80") + "]}")
        .put(path)
        .then()
        .statusCode(200)
        .body("firewall.droplet_ids", empty())
        .body("firewall.inbound_rules.ports", equalTo(List.of("80")));
    api().delete(path).then().statusCode(204);
    api().delete(path).then().statusCode(404);
    api().get("/v2/firewalls?per_page=200").then().body("firewalls.id", not(hasItem(firewall)));
  }

  private static void shown(String firewall, String field, Matcher<?> value) {
    api()
        .get("/v2/firewalls?per_page=200")
        .then()
        .body("firewalls.find { it.id == '" + firewall + "' }." + field, value);
  }

  @Test
  void aFirewallRuleOfWrongFormIsRefused() {
    api()
        .body(
            "{\"name\":\"fw-x\",\"inbound_rules\":[{\"protocol\":\"tcp\",\"ports\":\"x\",\"sources\":{}}]}")
        .post("/v2/firewalls")
        .then()
        .statusCode(400)
        .body("id", equalTo("bad_request"));
    api().body("{\"name\":\"fw-x\"}").post("/v2/firewalls").then().statusCode(422);
  }
}
