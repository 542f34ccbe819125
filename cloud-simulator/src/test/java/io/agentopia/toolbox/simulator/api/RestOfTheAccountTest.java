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
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(FastCloud.class)
class RestOfTheAccountTest {
  private static final String KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJhc2U2NGJhc2U2NGJhc2U2NGJhc2U2NGJhc2U2NGJhc2U2 test";

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
    api()
        .get("/v2/account")
        .then()
        .statusCode(200)
        .body("account.droplet_limit", equalTo(240))
        .body("account.status", equalTo("active"));
  }

  @Test
  void tagsAreMadeGivenTakenAndDeleted() {
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
        .get("/v2/tags/" + tag)
        .then()
        .body("tag.resources.droplets.count", equalTo(1))
        .body("tag.resources.last_tagged_uri", endsWith("/v2/droplets/" + id));

    api().body(resources).delete("/v2/tags/" + tag + "/resources").then().statusCode(204);
    get(id).body("droplet.tags", not(hasItem(tag)));
    api().body(resources).post("/v2/tags/" + tag + "/resources").then().statusCode(204);
    api().delete("/v2/tags/" + tag).then().statusCode(204);
    get(id).body("droplet.tags", not(hasItem(tag)));
    api().get("/v2/tags/" + tag).then().statusCode(404);
    api().delete("/v2/tags/" + tag).then().statusCode(404);
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
        "{\"name\":\"%s\",\"inbound_rules\":[%s],\"outbound_rules\":null,\"droplet_ids\":[%d]}";
    var name = unique("fw");
    var firewall =
        api()
            .body(body.formatted(name, rule.formatted("22"), id))
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
    api().body("{\"tags\":[\"" + tag + "\"]}").post(path + "/tags").then().statusCode(204);
    api().body("{\"droplet_ids\":[" + id + "]}").delete(path + "/droplets").then().statusCode(204);
    api()
        .get(path)
        .then()
        .body("firewall.inbound_rules.ports", equalTo(List.of("22", "0")))
        .body("firewall.tags", equalTo(List.of(tag)))
        .body("firewall.droplet_ids", empty());
    api()
        .get("/v2/droplets/" + id + "/firewalls")
        .then()
        .body("firewalls.id", equalTo(List.of(firewall)));

    api()
        .body("{\"name\":\"" + name + "\",\"inbound_rules\":[" + rule.formatted("80") + "]}")
        .put(path)
        .then()
        .statusCode(200)
        .body("firewall.tags", empty())
        .body("firewall.inbound_rules.ports", equalTo(List.of("80")));
    api()
        .body("{\"inbound_rules\":[" + rule.formatted("80") + "]}")
        .delete(path + "/rules")
        .then()
        .statusCode(204);
    api().get(path).then().body("firewall.inbound_rules", empty());
    api().delete(path).then().statusCode(204);
    api().get(path).then().statusCode(404);
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

  @Test
  void keysAreKeptByNumberAndFingerprintAndSeldomListed() {
    var key =
        api()
            .body("{\"name\":\"laptop\",\"public_key\":\"" + KEY + "\"}")
            .post("/v2/account/keys")
            .then()
            .statusCode(201)
            .body("ssh_key.id", greaterThan(0))
            .extract()
            .jsonPath();
    var fingerprint = key.getString("ssh_key.fingerprint");
    api()
        .body("{\"name\":\"laptop\",\"public_key\":\"" + KEY + "\"}")
        .post("/v2/account/keys")
        .then()
        .statusCode(422)
        .body("message", equalTo("SSH Key is already in use on your account"));
    api()
        .body("{\"name\":\"bad\",\"public_key\":\"rubbish\"}")
        .post("/v2/account/keys")
        .then()
        .statusCode(422);
    var body = droplet(unique("keyed"));
    body.putArray("ssh_keys").add(fingerprint).add(key.getLong("ssh_key.id"));
    created(body);

    api().get("/v2/account/keys").then().statusCode(200).body("ssh_keys.name", hasItem("laptop"));
    api().get("/v2/account/keys").then().statusCode(200);
    api()
        .get("/v2/account/keys")
        .then()
        .statusCode(429)
        .body("id", equalTo("too_many_requests"))
        .header("retry-after", notNullValue());
    api()
        .body("{\"name\":\"desk\"}")
        .put("/v2/account/keys/" + fingerprint)
        .then()
        .statusCode(200)
        .body("ssh_key.name", equalTo("desk"));
    api().delete("/v2/account/keys/" + key.getLong("ssh_key.id")).then().statusCode(204);
    api().get("/v2/account/keys/" + fingerprint).then().statusCode(404);
  }
}
