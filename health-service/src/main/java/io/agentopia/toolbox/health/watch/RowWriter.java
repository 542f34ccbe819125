package io.agentopia.toolbox.health.watch;

import io.agentopia.toolbox.health.HealthConfig;
import io.agentopia.toolbox.health.model.HealthRows;
import io.agentopia.toolbox.health.model.HealthRows.Writing;
import io.agentopia.toolbox.runtime.messaging.DatabaseAway;
import io.agentopia.toolbox.runtime.work.Await;
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
public class RowWriter {
  private static final Logger LOG = Logger.getLogger(RowWriter.class);

  private final HealthRows rows;
  private final Await work;
  private final HealthConfig config;
  private final Clock clock;

  @Inject
  public RowWriter(HealthRows rows, Await work, HealthConfig config, Clock clock) {
    this.rows = rows;
    this.work = work;
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
    var written = work.await(() -> rows.store(writings));
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
    work.await(() -> rows.putOff(toolbox.id, refreshAt));
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
