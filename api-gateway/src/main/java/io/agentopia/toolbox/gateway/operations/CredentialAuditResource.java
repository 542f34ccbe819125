package io.agentopia.toolbox.gateway.operations;

import io.agentopia.toolbox.events.Rules.Violation;
import io.agentopia.toolbox.gateway.account.CurrentCaller;
import io.agentopia.toolbox.gateway.audit.Refusal;
import io.agentopia.toolbox.gateway.audit.RefusedCredentials;
import io.agentopia.toolbox.gateway.http.Times;
import io.agentopia.toolbox.runtime.http.Cursor;
import io.agentopia.toolbox.runtime.http.Problem;
import io.agentopia.toolbox.runtime.http.Slice;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.server.Cancellable;

/** Who came with a credential that is not good; docs/security.md says what each reason means. */
@Cancellable(false)
@Path("/v1/audit/credentials")
@Produces("application/json")
@Tag(name = "Audit", description = "Operators only.")
public class CredentialAuditResource {
  private static final int MOST = 500;
  private static final String LIST = "refused credentials";

  @Inject RefusedCredentials refused;
  @Inject CurrentCaller caller;

  public record Page(List<Refusal.Counted> items, String nextCursor) {}

  @GET
  @Operation(summary = "Refused credentials, latest first; the same ones of an hour counted as one")
  @APIResponse(
      responseCode = "200",
      description = "A page; nextCursor where there are more",
      content = @Content(schema = @Schema(implementation = Page.class)))
  public Uni<Page> list(
      @QueryParam("toolboxId") String toolboxId,
      @Parameter(description = "join_token, agent_token or api_key") @QueryParam("credential")
          String credential,
      @Parameter(description = "RFC 3339") @QueryParam("since") String since,
      @Parameter(description = "1 to 500") @QueryParam("limit") @DefaultValue("100") String limit,
      @Parameter(description = "nextCursor of the page before") @QueryParam("cursor")
          String cursor) {
    caller.get().requireOperator();
    var after = Cursor.byNumber(cursor, LIST);
    return refused
        .latest(uuid(toolboxId), credential, time(since), after, Slice.limit(limit, MOST, LIST))
        .map(page -> new Page(page.items(), page.nextCursor()));
  }

  private static UUID uuid(String text) {
    try {
      return text == null ? null : UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw invalid("toolboxId", "must be a UUID", text);
    }
  }

  private static Instant time(String text) {
    var time = text == null ? Instant.EPOCH : Times.read(text);
    if (time == null) {
      throw invalid("since", "must be " + Times.SAID, text);
    }
    return time;
  }

  private static RuntimeException invalid(String field, String limit, Object found) {
    return Problem.invalid(
            "The audit of refused credentials cannot be asked so.",
            List.of(Violation.of(field, limit, found)))
        .exception();
  }
}
