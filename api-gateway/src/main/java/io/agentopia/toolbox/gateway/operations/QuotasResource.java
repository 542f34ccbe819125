package io.agentopia.toolbox.gateway.operations;

import static java.time.ZoneOffset.UTC;

import io.agentopia.toolbox.events.Rules;
import io.agentopia.toolbox.gateway.GatewayConfig;
import io.agentopia.toolbox.gateway.account.CurrentCaller;
import io.agentopia.toolbox.gateway.toolbox.AccountRoom;
import io.agentopia.toolbox.runtime.http.Bodies;
import io.agentopia.toolbox.runtime.http.Problem;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import java.time.Clock;
import java.util.ArrayList;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.server.Cancellable;

/** What an account may have and its keys may do; operators allow it more or less. */
@Cancellable(false)
@Path("/v1/accounts/{accountId}/quotas")
@Produces("application/json")
@Consumes("application/json")
@Tag(name = "Quotas")
public class QuotasResource {
  private static final String READ =
      "select q.toolboxes, q.requests_per_minute, q.streams, (select count(*) from toolbox_view v"
          + " where v.account_id = $1 and "
          + AccountRoom.COUNTS
          + ") from (select 1) one"
          + " left join account_quotas q on q.account_id = $1";

  private static final String WRITE =
      "insert into account_quotas (account_id, toolboxes, requests_per_minute, streams, changed_at)"
          + " values ($1, $2, $3, $4, $5) on conflict (account_id) do update"
          + " set toolboxes = excluded.toolboxes, streams = excluded.streams,"
          + " requests_per_minute = excluded.requests_per_minute, changed_at = excluded.changed_at";

  @Inject Pool pool;
  @Inject GatewayConfig config;
  @Inject Clock clock;
  @Inject CurrentCaller caller;
  @Inject Bodies bodies;

  @Schema(name = "Quotas")
  public record Document(
      String accountId,
      @Schema(description = "that the account has; deleted and refused ones do not count")
          long toolboxesThere,
      @Schema(description = "that the account may have") int toolboxes,
      @Schema(description = "with one key, at each instance of the gateway") int requestsPerMinute,
      @Schema(description = "of events, open with one key, at each instance of the gateway")
          int streams) {}

  @Schema(name = "QuotasWish", description = "What is left out is as the gateway's settings say.")
  public record Wish(
      @Min(value = 0, message = TOOLBOXES) @Max(value = 100_000, message = TOOLBOXES)
          Integer toolboxes,
      @Min(value = 1, message = REQUESTS) @Max(value = 1_000_000, message = REQUESTS)
          Integer requestsPerMinute,
      @Min(value = 1, message = STREAMS) @Max(value = 1000, message = STREAMS) Integer streams) {
    private static final String TOOLBOXES = "must be between 0 and 100000";
    private static final String REQUESTS = "must be between 1 and 1000000";
    private static final String STREAMS = "must be between 1 and 1000";
  }

  @GET
  @Operation(summary = "What the account may have and its keys may do")
  @APIResponse(
      responseCode = "200",
      description = "The quotas, and what of them is used",
      content = @Content(schema = @Schema(implementation = Document.class)))
  public Uni<Document> get(@PathParam("accountId") String accountId) {
    if (!caller.get().maySee(accountId) || !Rules.account(accountId).isEmpty()) {
      throw Problem.notFound("account", accountId).exception();
    }
    return read(accountId);
  }

  @PUT
  @Operation(
      summary = "Allow an account more or less, for operators",
      description =
          "Holds within 5 s. Toolboxes that are there already stay, also where they are more.")
  @APIResponse(
      responseCode = "200",
      description = "As they are now",
      content = @Content(schema = @Schema(implementation = Document.class)))
  public Uni<Document> put(@PathParam("accountId") String accountId, Wish wish) {
    caller.get().requireOperator();
    refuseWrong(accountId, wish);
    return pool.preparedQuery(WRITE)
        .execute(
            Tuple.of(
                accountId,
                wish.toolboxes(),
                wish.requestsPerMinute(),
                wish.streams(),
                clock.instant().atOffset(UTC)))
        .flatMap(x -> read(accountId));
  }

  private void refuseWrong(String accountId, Wish wish) {
    var found = new ArrayList<>(Rules.account(accountId));
    found.addAll(bodies.violations(wish));
    if (!found.isEmpty()) {
      throw Problem.invalid("The quotas of the account were not changed.", found).exception();
    }
  }

  private Uni<Document> read(String accountId) {
    return pool.preparedQuery(READ)
        .execute(Tuple.of(accountId))
        .map(rows -> rows.iterator().next())
        .map(
            row -> {
              var quota =
                  config.quotas().with(row.getInteger(0), row.getInteger(1), row.getInteger(2));
              return new Document(
                  accountId,
                  row.getLong(3),
                  quota.toolboxes(),
                  quota.requestsPerMinute(),
                  quota.streams());
            });
  }
}
