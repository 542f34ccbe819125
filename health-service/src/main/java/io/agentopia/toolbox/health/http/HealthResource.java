package io.agentopia.toolbox.health.http;

import io.agentopia.toolbox.health.model.HealthRow;
import io.agentopia.toolbox.health.model.HealthRows;
import io.agentopia.toolbox.health.watch.LastHeard;
import io.agentopia.toolbox.health.watch.LastHeard.Word;
import io.agentopia.toolbox.runtime.http.Problem;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.server.Cancellable;

/**
 * Health from every instance. The one that hears the toolbox answers from memory, at most a round
 * old; the others know a little later when it was heard, and may have older figures.
 */
@Cancellable(false)
@Path("/internal/toolboxes/{id}/health")
public class HealthResource {
  @Inject HealthRows rows;
  @Inject LastHeard lastHeard;
  @Inject Clock clock;

  @GET
  public Uni<HealthDocument> get(@PathParam("id") UUID id) {
    return Panache.withSession(() -> rows.find(id))
        .map(
            row -> {
              if (row == null) {
                throw Problem.notFound("health of toolbox", id.toString()).exception();
              }
              return row;
            })
        .flatMap(row -> lastHeard.of(List.of(id)).map(words -> document(row, words.get(id))));
  }

  private HealthDocument document(HealthRow row, Word word) {
    var at = word.at(row.generation, row.lastHeartbeatAt);
    var isNewest = word.heartbeat() != null && word.heartbeat().generation() == row.generation;
    var beat = isNewest ? word.heartbeat() : row.heartbeat();
    var findings = isNewest ? word.findings() : row.findings();
    return new HealthDocument(
        row.toolboxId,
        row.accountId,
        row.generation,
        row.status,
        row.reason,
        row.message,
        row.since,
        at,
        age(at),
        isNewest ? at : row.lastHeartbeatAt,
        beat == null ? null : beat.agentVersion(),
        beat == null ? null : beat.agentImage(),
        beat == null ? null : beat.upgrade(),
        beat == null ? null : beat.bootId(),
        beat == null ? null : beat.uptimeSeconds(),
        beat == null ? null : beat.dockerReachable(),
        beat == null ? null : beat.dockerVersion(),
        beat == null ? null : beat.dockerStore(),
        beat == null ? null : beat.metrics(),
        beat == null ? null : beat.appliedManifestGeneration(),
        findings.stream().map(HealthDocument.Check::of).toList());
  }

  private Long age(Instant at) {
    return at == null ? null : Math.max(0, Duration.between(at, clock.instant()).toSeconds());
  }
}
