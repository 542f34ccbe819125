package io.agentopia.toolbox.gateway.account;

import io.agentopia.toolbox.gateway.audit.Refusal;
import io.agentopia.toolbox.gateway.audit.RefusedCredentials;
import io.agentopia.toolbox.runtime.http.Problem;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Who may come in: /v1 with an API key, /ui with a session (or it is sent to the login). Everything
 * else looks after itself.
 */
public class Authentication {
  @Inject ApiKeys keys;
  @Inject Sessions sessions;
  @Inject CurrentCaller current;
  @Inject RefusedCredentials refused;
  @Inject HttpServerRequest http;

  @ServerRequestFilter
  public Uni<Response> check(ContainerRequestContext request) {
    var path = request.getUriInfo().getPath();
    if (path.startsWith("/v1")) {
      return byKey(request);
    }
    if (path.startsWith("/ui") && !path.equals("/ui/login")) {
      return Uni.createFrom().item(bySession(request));
    }
    return Uni.createFrom().nullItem();
  }

  private Uni<Response> byKey(ContainerRequestContext request) {
    var header = request.getHeaderString(HttpHeaders.AUTHORIZATION);
    if (header != null && header.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return keys.find(header.substring(7).trim()).invoke(this::audit).map(this::admit);
    }
    // The page's own live stream cannot send headers: its session stands for the key, for reading
    // only.
    var session = request.getMethod().equals("GET") ? session(request) : Optional.<Caller>empty();
    return Uni.createFrom().item(admit(session));
  }

  private void audit(Optional<Caller> caller) {
    if (caller.isEmpty()) {
      var address = http.remoteAddress();
      refused.add(
          new Refusal(
              "api_key", "unknown", null, null, address == null ? null : address.hostAddress()));
    }
  }

  private Response admit(Optional<Caller> caller) {
    caller.ifPresent(current::set);
    return caller.isPresent() ? null : unauthorized();
  }

  private Response bySession(ContainerRequestContext request) {
    var caller = session(request);
    if (caller.isEmpty()) {
      return request.getHeaderString("HX-Request") == null
          ? Response.seeOther(URI.create("/ui/login")).build()
          : Response.noContent().header("HX-Redirect", "/ui/login").build();
    }
    if (!request.getMethod().equals("GET") && !isSameOrigin(request)) {
      return Response.status(403)
          .type(Problem.MEDIA_TYPE)
          .entity(
              Problem.of(
                  403,
                  "foreign_origin",
                  "Not allowed",
                  "The form was not sent from this site's own page.",
                  "Open the page of this site and use it there."))
          .build();
    }
    current.set(caller.get());
    return null;
  }

  private Optional<Caller> session(ContainerRequestContext request) {
    var cookie = request.getCookies().get(Sessions.COOKIE);
    return cookie == null ? Optional.empty() : sessions.read(cookie.getValue());
  }

  /**
   * SameSite=Strict keeps the cookie away from foreign forms already; this holds where a browser
   * does not know it.
   */
  static boolean isSameOrigin(ContainerRequestContext request) {
    var origin = request.getHeaderString("Origin");
    return origin == null || origin.endsWith("://" + request.getHeaderString(HttpHeaders.HOST));
  }

  private static Response unauthorized() {
    return Response.status(401)
        .type(Problem.MEDIA_TYPE)
        .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"toolbox\"")
        .entity(
            Problem.of(
                401,
                "unauthorized",
                "Not authenticated",
                "The request carries no valid API key.",
                "Send 'Authorization: Bearer <API key>'."))
        .build();
  }
}
