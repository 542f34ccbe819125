package io.agentopia.toolbox.gateway.manifest;

import static java.time.ZoneOffset.UTC;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.events.ManifestTool;
import io.agentopia.toolbox.events.ToolboxManifestChanged;
import io.agentopia.toolbox.runtime.sql.SessionSql;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/** The newest manifest of each toolbox, as its agent gets it. */
@ApplicationScoped
public class Manifests {
  /** Leaves out what is absent, as the agent's protocol wants it. */
  private static final ObjectMapper JSON = EventCodec.mapper();

  private static final String KEEP =
      "insert into toolbox_manifest as kept (toolbox_id, generation, document, updated_at)"
          + " values ($1, $2, $3, $4) on conflict (toolbox_id) do update set generation ="
          + " excluded.generation, document = excluded.document, updated_at = excluded.updated_at"
          + " where kept.generation < excluded.generation";

  private static final String FIND =
      "select generation, document from toolbox_manifest where toolbox_id = $1";

  private final Pool pool;
  private final Clock clock;

  @Inject
  public Manifests(Pool pool, Clock clock) {
    this.clock = clock;
    this.pool = pool;
  }

  /**
   * @param generation rises with each change
   * @param document JSON, see docs/agent-protocol.md; its tools' environment is for no log
   */
  public record Kept(long generation, String document) {
    @Override
    public String toString() {
      return "Kept[generation=" + generation + "]";
    }
  }

  private record Document(UUID toolboxId, long generation, List<ManifestTool> tools) {}

  /** Unless a newer one is kept already. */
  public Uni<Void> keep(Mutiny.Session session, ToolboxManifestChanged told) {
    return SessionSql.update(
            session,
            KEEP,
            told.toolboxId(),
            told.manifestGeneration(),
            document(told.toolboxId(), told.manifestGeneration(), told.tools()),
            clock.instant().atOffset(UTC))
        .replaceWithVoid();
  }

  public Uni<Optional<Kept>> find(UUID toolboxId) {
    return pool.preparedQuery(FIND)
        .execute(Tuple.of(toolboxId))
        .map(
            rows -> {
              var row = rows.iterator();
              return row.hasNext() ? Optional.of(kept(row.next())) : Optional.empty();
            });
  }

  /** Of a toolbox on which nothing was ever deployed. */
  public static Kept empty(UUID toolboxId) {
    return new Kept(0, document(toolboxId, 0, List.of()));
  }

  private static Kept kept(Row row) {
    return new Kept(row.getLong(0), row.getString(1));
  }

  private static String document(UUID toolboxId, long generation, List<ManifestTool> tools) {
    try {
      return JSON.writeValueAsString(new Document(toolboxId, generation, tools));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write the manifest of toolbox " + toolboxId);
    }
  }
}
