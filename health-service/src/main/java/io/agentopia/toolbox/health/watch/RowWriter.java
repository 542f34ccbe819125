package io.agentopia.toolbox.health.watch;

import io.agentopia.toolbox.health.HealthConfig;
import io.agentopia.toolbox.health.store.HealthRows;
import io.agentopia.toolbox.health.store.HealthRows.Writing;
import io.agentopia.toolbox.runtime.messaging.DatabaseAway;
import io.agentopia.toolbox.runtime.messaging.VertxContexts;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Writes the rows of many toolboxes together. Blocks. */
@ApplicationScoped
class RowWriter {
  private static final Logger LOG = Logger.getLogger(RowWriter.class);

  private final HealthRows rows;
  private final VertxContexts contexts;
  private final HealthConfig config;
  private final Clock clock;

  @Inject
  RowWriter(HealthRows rows, VertxContexts contexts, HealthConfig config, Clock clock) {
    this.rows = rows;
    this.contexts = contexts;
    this.config = config;
    this.clock = clock;
  }

  /**
   * What the database refuses of them is left out; the others are written. Rows that were changed
   * by somebody else meanwhile are doubted.
   *
   * @param done told of each that needs nothing more
   */
  void write(List<Watched> toolboxes, Consumer<Watched> done) {
    chunks(toolboxes).forEach(chunk -> writeChunk(chunk, done));
  }

  private void writeChunk(List<Watched> chunk, Consumer<Watched> done) {
    try {
      store(chunk, done);
    } catch (RuntimeException e) {
      if (isDatabaseAway(e)) {
        throw e;
      }
      if (chunk.size() > 1) {
        chunk.forEach(toolbox -> writeChunk(List.of(toolbox), done));
      } else {
        refused(chunk.getFirst(), e);
        done.accept(chunk.getFirst());
      }
    }
  }

  private void store(List<Watched> chunk, Consumer<Watched> done) {
    var refreshAt = clock.instant().plus(config.refreshRowsEvery());
    var writings = chunk.stream().map(t -> new Writing(t.row(), t.findings, refreshAt)).toList();
    var written = contexts.run(() -> rows.store(writings)).join();
    for (var toolbox : chunk) {
      if (written.contains(toolbox.id)) {
        toolbox.written();
        done.accept(toolbox);
      } else {
        toolbox.doubt();
      }
    }
  }

  private void refused(Watched toolbox, RuntimeException e) {
    LOG.errorf(
        "heartbeat not stored, left out until the next that says something new: toolboxId=%s generation=%d cause=%s",
        toolbox.id, toolbox.row().generation, Watching.cause(e));
    toolbox.written();
    var refreshAt = clock.instant().plus(config.refreshRowsEvery());
    contexts.run(() -> rows.putOff(toolbox.id, refreshAt)).join();
  }

  /** Only of what was awaited: what cannot be read here says nothing about the database. */
  static boolean isDatabaseAway(RuntimeException e) {
    return e instanceof CompletionException && DatabaseAway.is(e);
  }

  static <T> List<List<T>> chunks(List<T> all) {
    var chunks = new ArrayList<List<T>>();
    for (var from = 0; from < all.size(); from += HealthRows.MOST_AT_ONCE) {
      chunks.add(all.subList(from, Math.min(all.size(), from + HealthRows.MOST_AT_ONCE)));
    }
    return chunks;
  }
}
