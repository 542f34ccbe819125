package io.agentopia.toolbox.runtime.work;

import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Runs reactive work from a plain thread. Hibernate Reactive insists on a Vert.x context of the
 * work's own.
 */
@ApplicationScoped
public class VertxContexts implements Await, Beside {
  /** Nothing waits for ever, not even for a context that is closed while it is waited for. */
  private static final long LONGEST_SECONDS = 120;

  private final Vertx vertx;

  @Inject
  public VertxContexts(Vertx vertx) {
    this.vertx = vertx;
  }

  public <T> CompletableFuture<T> run(Supplier<Uni<T>> work) {
    return start(work).orTimeout(LONGEST_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public <T> T await(Supplier<Uni<T>> work) {
    return run(work).join();
  }

  @Override
  public <T> Uni<T> beside(Supplier<Uni<T>> work) {
    return Uni.createFrom().completionStage(() -> run(work));
  }

  /** On a context of its own, for as long as it takes. */
  public <T> Uni<T> apart(Supplier<Uni<T>> work) {
    return Uni.createFrom().completionStage(() -> start(work));
  }

  private <T> CompletableFuture<T> start(Supplier<Uni<T>> work) {
    var done = new CompletableFuture<T>();
    var context = VertxContext.createNewDuplicatedContext(vertx.getOrCreateContext());
    VertxContextSafetyToggle.setContextSafe(context, true);
    context.runOnContext(ignored -> subscribe(work, done));
    return done;
  }

  private static <T> void subscribe(Supplier<Uni<T>> work, CompletableFuture<T> done) {
    try {
      work.get().subscribe().with(done::complete, done::completeExceptionally);
    } catch (RuntimeException e) {
      done.completeExceptionally(e);
    }
  }

  /**
   * What others complete is delivered on the subscriber's context, if it has one: what follows may
   * use its session, and must not go on on the context of whoever completed it.
   */
  public static <T> Uni<T> backOnCallers(Uni<T> uni) {
    return Uni.createFrom()
        .deferred(
            () -> {
              var context = Vertx.currentContext();
              return context == null
                  ? uni
                  : uni.emitOn(task -> context.runOnContext(ignored -> task.run()));
            });
  }
}
