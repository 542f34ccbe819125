package io.agentopia.toolbox.gateway;

import static io.restassured.RestAssured.given;

/** Signing in at the web page, as a browser does. */
final class WebSession {
  static final String COOKIE = "toolbox_session";

  private WebSession() {}

  /**
   * @return the cookie's value
   */
  static String signIn(String key) {
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
}
