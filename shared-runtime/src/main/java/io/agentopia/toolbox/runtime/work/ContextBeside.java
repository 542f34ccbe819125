package io.agentopia.toolbox.runtime.work;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.function.Supplier;

/** Each on a Vert.x context of its own. */
@ApplicationScoped
public class ContextBeside implements Beside {
  private final VertxContexts contexts;

  @Inject
  public ContextBeside(VertxContexts contexts) {
    this.contexts = contexts;
  }

  @Override
  public <T> Uni<T> run(Supplier<Uni<T>> work) {
    return Uni.createFrom().completionStage(() -> contexts.run(work));
  }
}
