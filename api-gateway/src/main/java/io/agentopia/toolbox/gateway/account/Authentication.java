package io.agentopia.toolbox.gateway.account;

import io.agentopia.toolbox.gateway.audit.RefusedCredentials;
import io.agentopia.toolbox.runtime.http.Problem;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Inject;
import jakarta.ws.rs.NotFoundException;
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
  @Inject Traffic traffic;
  @Inject HttpServerRequest http;

  @ServerRequestFilter
  public Uni<Response> check(ContainerRequestContext request) {
    var path = request.getUriInfo().getPath();
    if (path.startsWith("/v1")) {
      return byKey(request);
    }
    if (path.startsWith("/ui")) {
      return path.equals("/ui/login") ? signIn(request) : bySession(request);
    }
    // What services ask of each other is not for those whom this port is for; nobody asks it of us.
    return path.startsWith("/internal")
        ? Uni.createFrom().failure(new NotFoundException())
        : Uni.createFrom().nullItem();
  }

  /** Who is signed in by another site's form works with a key that is not his own. */
  private static Uni<Response> signIn(ContainerRequestContext request) {
    return Uni.createFrom()
        .item(request.getMethod().equals("GET") || isSameOrigin(request) ? null : foreignOrigin());
  }

  private Uni<Response> byKey(ContainerRequestContext request) {
    var header = request.getHeaderString(HttpHeaders.AUTHORIZATION);
    if (header != null && header.regionMatches(true, 0, "Bearer ", 0, 7)) {
      var key = header.substring(7).trim();
      return keys.find(key)
          .invoke(this::auditIfUnknown)
          .map(caller -> admit(caller, ApiKeys.hash(key)));
    }
    // The page's own live stream cannot send headers: its session stands for the key, for reading
    // only.
    var hash = request.getMethod().equals("GET") ? session(request) : Optional.<String>empty();
    return hash.isEmpty()
        ? Uni.createFrom().item(unauthorized())
        : keys.findByHash(hash.get()).map(caller -> admit(caller, hash.get()));
  }

  private void auditIfUnknown(Optional<Caller> caller) {
    if (caller.isEmpty()) {
      refused.addUnknownKey(http);
    }
  }

  private Response admit(Optional<Caller> caller, String keyHash) {
    return caller.isPresent() ? admit(caller.get(), keyHash) : unauthorized();
  }

  private Response admit(Caller caller, String keyHash) {
    current.set(caller, keyHash);
    return traffic.request(keyHash).orElse(null);
  }

  private Uni<Response> bySession(ContainerRequestContext request) {
    var hash = session(request);
    return hash.isEmpty()
        ? Uni.createFrom().item(toLogin(request))
        : keys.findByHash(hash.get()).map(caller -> bySession(request, caller, hash.get()));
  }

  private Response bySession(
      ContainerRequestContext request, Optional<Caller> caller, String keyHash) {
    if (caller.isEmpty()) {
      return toLogin(request);
    }
    if (!request.getMethod().equals("GET") && !isSameOrigin(request)) {
      return foreignOrigin();
    }
    return admit(caller.get(), keyHash);
  }

  private static Response toLogin(ContainerRequestContext request) {
    return request.getHeaderString("HX-Request") == null
        ? Response.seeOther(URI.create("/ui/login")).build()
        : Response.noContent().header("HX-Redirect", "/ui/login").build();
  }

  private static Response foreignOrigin() {
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

  private Optional<String> session(ContainerRequestContext request) {
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
