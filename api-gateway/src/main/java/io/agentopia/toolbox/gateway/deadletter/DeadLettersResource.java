package io.agentopia.toolbox.gateway.deadletter;

import io.agentopia.toolbox.events.Rules.Violation;
import io.agentopia.toolbox.gateway.account.CurrentCaller;
import io.agentopia.toolbox.gateway.deadletter.Replays.Order;
import io.agentopia.toolbox.runtime.http.Cursor;
import io.agentopia.toolbox.runtime.http.Problem;
import io.agentopia.toolbox.runtime.http.Slice;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.server.Cancellable;

/** Dead letters over HTTP, for operators. */
@Cancellable(false)
@Path("/v1/dead-letters")
@Produces("application/json")
@Consumes("application/json")
@Tag(
    name = "Dead letters",
    description = "What services gave up on, and its replay. Operators only.")
public class DeadLettersResource {
  @Inject LetterStore letters;
  @Inject Replays replays;
  @Inject CurrentCaller caller;

  public record Page(List<Letter> items, String nextCursor) {}

  /** As LetterFilter, from the query string. */
  public static class Query {
    @Parameter(description = "new, replayed or discarded")
    @QueryParam("state")
    String state;

    @QueryParam("service")
    String service;

    @QueryParam("topic")
    String topic;

    @QueryParam("code")
    String code;

    @QueryParam("eventType")
    String eventType;

    @QueryParam("toolboxId")
    String toolboxId;

    LetterFilter filter() {
      return new LetterFilter(state, service, topic, code, eventType, toolboxId);
    }
  }

  /** What to do to one letter, and why. */
  @Schema(name = "LetterDeed")
  public record One(String reason, boolean dryRun) {}

  /** What to do to many letters: those of the filter, or all new ones. */
  @Schema(name = "LettersDeed")
  public record Many(
      LetterFilter filter, boolean all, String reason, boolean dryRun, Integer perSecond) {}

  @GET
  @Operation(summary = "Dead letters, youngest first")
  @APIResponse(
      responseCode = "200",
      description = "A page; nextCursor where there are more",
      content = @Content(schema = @Schema(implementation = Page.class)))
  public Uni<Page> list(
      @BeanParam Query query,
      @Parameter(description = "1 to 200") @QueryParam("limit") @DefaultValue("50") String limit,
      @Parameter(description = "nextCursor of the page before") @QueryParam("cursor")
          String cursor) {
    caller.get().requireOperator();
    var most = Slice.limit(limit, 200, "dead letters");
    return letters
        .page(query.filter(), Cursor.byId(cursor, "dead letters"), most + 1)
        .map(found -> Slice.of(found, most, last -> new Cursor<>(last.receivedAt(), last.id())))
        .map(page -> new Page(page.items(), page.nextCursor()));
  }

  @GET
  @Path("/{id}")
  @Operation(summary = "One letter with its headers, its body and what was done to it")
  @APIResponse(responseCode = "404", description = "There is none of that id")
  @APIResponse(
      responseCode = "200",
      description = "The letter",
      content = @Content(schema = @Schema(implementation = Letter.Details.class)))
  public Uni<Letter.Details> get(@PathParam("id") String id) {
    caller.get().requireOperator();
    return replays.existing(id).flatMap(letters::details);
  }

  @POST
  @Path("/{id}/replay")
  @Operation(
      summary = "Replay one letter",
      description =
          "It goes to the consumer that failed and to nobody else, through its inbox: a second replay changes nothing.")
  @APIResponse(
      responseCode = "200",
      description = "A dry run: what it would do",
      content = @Content(schema = @Schema(implementation = ReplayReport.class)))
  @APIResponse(
      responseCode = "202",
      description = "It will be published in a moment",
      content = @Content(schema = @Schema(implementation = ReplayReport.class)))
  @APIResponse(responseCode = "409", description = "The letter was discarded")
  @APIResponse(responseCode = "422", description = "The letter cannot be read by any release")
  public Uni<Response> replay(@PathParam("id") String id, One wish) {
    caller.get().requireOperator();
    var isDryRun = wish != null && wish.dryRun();
    var order = order(wish == null ? null : wish.reason(), isDryRun, null);
    return replays.replay(id, order, isDryRun).map(report -> answer(report, isDryRun));
  }

  @POST
  @Path("/replay")
  @Operation(
      summary = "Replay many letters",
      description =
          "Those that match the filter (state new where it names none), or all; at most 10,000 at once, at perSecond.")
  @APIResponse(
      responseCode = "200",
      description = "A dry run: what each would do",
      content = @Content(schema = @Schema(implementation = ReplayReport.class)))
  @APIResponse(
      responseCode = "202",
      description = "They are being published",
      content = @Content(schema = @Schema(implementation = ReplayReport.class)))
  @APIResponse(responseCode = "404", description = "No letter matches")
  public Uni<Response> replayMany(Many wish) {
    caller.get().requireOperator();
    var filter = filter(wish);
    var order = order(wish.reason(), wish.dryRun(), wish.perSecond());
    return replays
        .replayAll(filter, order, wish.dryRun())
        .map(report -> answer(report, wish.dryRun()));
  }

  @POST
  @Path("/{id}/discard")
  @Operation(summary = "Discard one letter: it is kept, and cannot be replayed any more")
  @APIResponse(
      responseCode = "200",
      description = "The letter, discarded",
      content = @Content(schema = @Schema(implementation = Letter.class)))
  public Uni<Letter> discard(@PathParam("id") String id, One wish) {
    caller.get().requireOperator();
    return replays.discard(id, order(wish == null ? null : wish.reason(), false, null));
  }

  @POST
  @Path("/discard")
  @Operation(summary = "Discard many letters")
  @APIResponse(responseCode = "404", description = "No letter matches")
  @APIResponse(
      responseCode = "200",
      description = "How many",
      content = @Content(schema = @Schema(implementation = ReplayReport.class)))
  public Uni<ReplayReport> discardMany(Many wish) {
    caller.get().requireOperator();
    var filter = filter(wish);
    return replays.discardAll(filter, order(wish.reason(), false, null));
  }

  private static Response answer(ReplayReport report, boolean isDryRun) {
    return Response.status(isDryRun ? 200 : 202).entity(report).build();
  }

  private Order order(String reason, boolean isDryRun, Integer perSecond) {
    var found = new ArrayList<Violation>();
    if (!isDryRun && (reason == null || reason.isBlank() || reason.length() > 500)) {
      found.add(new Violation("reason", "must say why, in 1 to 500 characters; it is kept"));
    }
    if (perSecond != null && (perSecond < 1 || perSecond > 1000)) {
      found.add(Violation.of("perSecond", "must be 1 to 1000", perSecond));
    }
    refuseIf(found);
    return new Order(caller.get().accountId(), reason, perSecond);
  }

  private static LetterFilter filter(Many wish) {
    if (wish == null || wish.all() == (wish.filter() != null)) {
      refuseIf(
          List.of(
              new Violation("filter", "either a filter is given or \"all\": true, and not both")));
    }
    return wish.all() ? LetterFilter.NEW : wish.filter();
  }

  private static void refuseIf(List<Violation> found) {
    if (!found.isEmpty()) {
      throw Problem.invalid("The dead letters were not touched.", found).exception();
    }
  }
}
