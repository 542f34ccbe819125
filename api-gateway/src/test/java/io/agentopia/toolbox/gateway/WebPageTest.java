package io.agentopia.toolbox.gateway;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;

import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The page, as a browser without scripts meets it. The services behind the gateway are fakes. */
@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
@QuarkusTestResource(FakeServices.class)
class WebPageTest extends GatewayCase {
  @Test
  void thePageNeedsASessionAndShowsWhatTheApiShows() {
    given()
        .redirects()
        .follow(false)
        .get("/ui")
        .then()
        .statusCode(303)
        .header("Location", containsString("/ui/login"));
    given()
        .formParam("key", "wrong")
        .post("/ui/login")
        .then()
        .statusCode(401)
        .body(containsString("not known"));
    var session = WebSession.signIn("tbx_key_of_account_one");
    var name = unique();
    var id = create(name);
    page(session)
        .get("/ui")
        .then()
        .statusCode(200)
        .body(containsString(name))
        .header("Content-Security-Policy", containsString("default-src 'self'"));
    page(session)
        .get("/ui/toolboxes/" + id)
        .then()
        .statusCode(200)
        .body(containsString("Deploy a tool"));
    page(session)
        .get("/ui/toolboxes/" + UUID.randomUUID())
        .then()
        .statusCode(404)
        .body(containsString("Not found"));
    page(session)
        .formParam("name", "!")
        .formParam("region", "nyc3")
        .formParam("size", "s-1vcpu-1gb")
        .post("/ui/toolboxes")
        .then()
        .statusCode(422)
        .body(containsString("name"));
    page(session)
        .formParam("name", unique())
        .formParam("region", "nyc3")
        .formParam("size", "s-1vcpu-1gb")
        .post("/ui/toolboxes")
        .then()
        .statusCode(200)
        .header("HX-Redirect", containsString("/ui/toolboxes/"));
    page(session)
        .header("Origin", "https://evil.example")
        .post("/ui/toolboxes/" + id + "/delete")
        .then()
        .statusCode(403);
    page(session + "x").redirects().follow(false).get("/ui").then().statusCode(303);
    page(session).get("/ui").then().body(not(containsString("tbx_key")));
  }

  private static RequestSpecification page(String session) {
    return given().cookie("toolbox_session", session);
  }
}
