package io.agentopia.toolbox.gateway.web;

import io.agentopia.toolbox.events.Rules;
import io.agentopia.toolbox.events.ToolSpec;
import io.agentopia.toolbox.gateway.account.ApiKeys;
import io.agentopia.toolbox.gateway.account.CurrentCaller;
import io.agentopia.toolbox.gateway.account.Sessions;
import io.agentopia.toolbox.gateway.audit.RefusedCredentials;
import io.agentopia.toolbox.gateway.catalog.Catalog;
import io.agentopia.toolbox.gateway.internal.Catalogs;
import io.agentopia.toolbox.gateway.tool.Tools;
import io.agentopia.toolbox.gateway.tool.ToolsResource;
import io.agentopia.toolbox.gateway.toolbox.ToolboxCommands;
import io.agentopia.toolbox.gateway.toolbox.ToolboxQueries;
import io.agentopia.toolbox.gateway.toolbox.WaitingAsked;
import io.agentopia.toolbox.runtime.http.Problem;
import io.agentopia.toolbox.runtime.http.ProblemException;
import io.agentopia.toolbox.runtime.trace.Trace;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jboss.resteasy.reactive.server.Cancellable;

/** The web page: the same commands and queries as the API, with a session instead of a key. */
@Cancellable(false)
@Path("/ui")
@Produces(MediaType.TEXT_HTML)
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
public class WebResource {
  private static final int SHOWN = 100;

  @Inject ApiKeys keys;
  @Inject Sessions sessions;
  @Inject RefusedCredentials refused;
  @Inject HttpServerRequest http;
  @Inject CurrentCaller caller;
  @Inject ToolboxQueries toolboxes;
  @Inject WaitingAsked waiting;
  @Inject ToolboxCommands commands;
  @Inject Tools tools;
  @Inject Catalogs catalogs;

  @GET
  @Path("/login")
  public TemplateInstance login() {
    return Pages.Page.login(null);
  }

  @POST
  @Path("/login")
  public Uni<Response> login(@FormParam("key") String key) {
    var shown = key == null ? "" : key.trim();
    return keys.find(shown)
        .invoke(
            found -> {
              if (found.isEmpty()) {
                refused.addUnknownKey(http);
              }
            })
        .map(
            found ->
                found
                    .map(
                        c ->
                            Response.seeOther(URI.create("/ui"))
                                .cookie(sessions.cookie(ApiKeys.hash(shown), isSecure()))
                                .build())
                    .orElseGet(
                        () -> Response.status(401).entity(Pages.Page.login(wrongKey())).build()));
  }

  private static Problem wrongKey() {
    return Problem.of(
        401,
        "unauthorized",
        "This key is not known",
        "The key was not found, or it was revoked.",
        "Check that the whole key was copied; ./toolbox status prints it for the local stack.");
  }

  @POST
  @Path("/logout")
  @Consumes("*/*")
  public Response logout() {
    return Response.seeOther(URI.create("/ui/login")).cookie(sessions.ended(isSecure())).build();
  }

  /** By TLS, here or at a proxy that is trusted to say so. */
  private boolean isSecure() {
    return "https".equalsIgnoreCase(http.scheme());
  }

  @GET
  public Uni<Response> list(@QueryParam("cursor") String cursor) {
    var asking = caller.get();
    return catalogs
        .current()
        .flatMap(
            catalog ->
                toolboxes
                    .page(asking, null, SHOWN, cursor)
                    .map(
                        page ->
                            Response.ok(
                                    Pages.Page.toolboxes(
                                        asking,
                                        page.items(),
                                        catalog.orElse(new Catalog(List.of(), List.of())),
                                        cursor,
                                        page.nextCursor()))
                                .build()))
        .onFailure(ProblemException.class)
        .recoverWithItem(e -> problemPage((ProblemException) e));
  }

  @GET
  @Path("/parts/toolboxes")
  public Uni<TemplateInstance> listPart(@QueryParam("cursor") String cursor) {
    return toolboxes
        .page(caller.get(), null, SHOWN, cursor)
        .map(page -> Pages.Part.toolboxes(page.items(), cursor, page.nextCursor()));
  }

  @POST
  @Path("/toolboxes")
  public Uni<Response> create(
      @FormParam("name") String name,
      @FormParam("region") String region,
      @FormParam("size") String size) {
    return answered(
        () ->
            commands
                .create(
                    caller.get(),
                    new ToolboxCommands.CreateToolbox(name, region, size),
                    null,
                    Trace.child(null))
                .map(toolbox -> goTo("/ui/toolboxes/" + toolbox.id())));
  }

  @GET
  @Path("/toolboxes/{id}")
  public Uni<Response> show(@PathParam("id") String id) {
    var asking = caller.get();
    return toolboxes
        .get(asking, id)
        .flatMap(waiting::of)
        .flatMap(
            toolbox ->
                tools
                    .list(asking, id)
                    .map(
                        list ->
                            Response.ok(
                                    Pages.Page.toolbox(asking, toolbox, list, Pages.steps(toolbox)))
                                .build()))
        .onFailure(ProblemException.class)
        .recoverWithItem(e -> problemPage((ProblemException) e));
  }

  @GET
  @Path("/parts/toolboxes/{id}")
  public Uni<TemplateInstance> showPart(@PathParam("id") String id) {
    var asking = caller.get();
    return toolboxes
        .get(asking, id)
        .flatMap(waiting::of)
        .flatMap(
            toolbox ->
                tools
                    .list(asking, id)
                    .map(list -> Pages.Part.toolbox(toolbox, list, Pages.steps(toolbox))));
  }

  /** What is earlier than the timeline that the page shows. */
  @GET
  @Path("/parts/toolboxes/{id}/timeline")
  public Uni<TemplateInstance> earlier(
      @PathParam("id") UUID id, @QueryParam("cursor") String cursor) {
    return toolboxes
        .timeline(caller.get(), id.toString(), SHOWN, cursor)
        .map(
            page ->
                Pages.Part.timeline(
                    id, Pages.steps(page.items().reversed(), null), page.nextCursor()));
  }

  @POST
  @Path("/toolboxes/{id}/delete")
  @Consumes("*/*")
  public Uni<Response> delete(@PathParam("id") String id) {
    return answered(
        () -> commands.delete(caller.get(), id, false, Trace.child(null)).map(x -> done()));
  }

  @POST
  @Path("/toolboxes/{id}/recreate")
  @Consumes("*/*")
  public Uni<Response> recreate(@PathParam("id") String id) {
    return answered(() -> commands.recreate(caller.get(), id, Trace.child(null)).map(x -> done()));
  }

  @POST
  @Path("/toolboxes/{id}/tools")
  public Uni<Response> deploy(
      @PathParam("id") String id,
      @FormParam("name") String name,
      @FormParam("image") String image,
      @FormParam("command") String command,
      @FormParam("environment") String environment,
      @FormParam("port") String port) {
    return answered(
        () ->
            tools
                .deploy(
                    caller.get(),
                    id,
                    asked(name, image, command, environment, port),
                    null,
                    Trace.child(null))
                .map(x -> done()));
  }

  @POST
  @Path("/toolboxes/{id}/tools/{toolId}/{verb}")
  @Consumes("*/*")
  public Uni<Response> act(
      @PathParam("id") String id,
      @PathParam("toolId") String toolId,
      @PathParam("verb") String verb) {
    return answered(
        () -> tools.act(caller.get(), id, toolId, verb(verb), Trace.child(null)).map(x -> done()));
  }

  private static Tools.Verb verb(String text) {
    try {
      return Tools.Verb.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw Problem.notFound("action", text).exception();
    }
  }

  private static Tools.DeployTool asked(
      String name, String image, String command, String environment, String port) {
    var found = new ArrayList<Rules.Violation>();
    var variables = variables(environment, found);
    var ports = ports(port, found);
    if (!found.isEmpty()) {
      throw Problem.invalid("The tool was not deployed.", found).exception();
    }
    return ToolsResource.Body.ofForm(name, image, CommandLine.split(command), variables, ports)
        .asked();
  }

  private static Map<String, String> variables(String lines, List<Rules.Violation> found) {
    var variables = new LinkedHashMap<String, String>();
    var number = 0;
    for (var line : (lines == null ? "" : lines).lines().filter(l -> !l.isBlank()).toList()) {
      number++;
      var equals = line.indexOf('=');
      if (equals < 1) {
        // The line is not shown: what has no name may be a value.
        found.add(new Rules.Violation("environment", "line " + number + " must be NAME=value"));
      } else {
        variables.put(line.substring(0, equals).trim(), line.substring(equals + 1));
      }
    }
    return variables;
  }

  private static List<ToolSpec.Port> ports(String port, List<Rules.Violation> found) {
    if (port == null || port.isBlank()) {
      return List.of();
    }
    if (!port.trim().matches("[0-9]{1,5}")) {
      found.add(new Rules.Violation("port", "must be a number from 1 to 65535"));
      return List.of();
    }
    return List.of(new ToolSpec.Port(Integer.parseInt(port.trim()), null, "tcp"));
  }

  /** What cannot be done is shown beside the form that asked for it. */
  private static Uni<Response> answered(Supplier<Uni<Response>> command) {
    return Uni.createFrom()
        .deferred(command::get)
        .onFailure(ProblemException.class)
        .recoverWithItem(
            e ->
                Response.status(422)
                    .entity(Pages.Part.problem(((ProblemException) e).problem()))
                    .build());
  }

  private static Response problemPage(ProblemException e) {
    return Response.status(e.problem().status()).entity(Pages.Page.problem(e.problem())).build();
  }

  /** The page refreshes itself by its live stream; the form only needs to know that all is well. */
  private static Response done() {
    return Response.ok("").header("HX-Trigger", "done").build();
  }

  private static Response goTo(String path) {
    return Response.ok("").header("HX-Redirect", path).build();
  }
}
