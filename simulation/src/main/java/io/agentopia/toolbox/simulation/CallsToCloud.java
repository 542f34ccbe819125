package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.provisioner.cloud.BudgetedCalls;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider;
import io.agentopia.toolbox.provisioner.cloud.Reply;
import io.agentopia.toolbox.provisioner.cloud.budget.Answer;
import io.agentopia.toolbox.provisioner.cloud.budget.Priority;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The simulated cloud as one instance calls it, within the real budget. It gets round to some
 * answers late: its process was paused, or its database slow.
 */
class CallsToCloud implements CloudProvider {
  /** Says nothing new of limits. */
  private static final Answer GRANTED = new Answer(false, null, null, null);

  private final World world;
  private final Process process;
  private final BudgetedCalls calls;

  CallsToCloud(World world, Process process, BudgetedCalls calls) {
    this.world = world;
    this.process = process;
    this.calls = calls;
  }

  @Override
  public Uni<Created> create(DropletRequest request) {
    return this.<Created>call(
            Priority.CHANGE,
            answer -> world.cloud.create(process, request, answer),
            created -> created instanceof Created.Deferred d ? refused(d.retryAfter()) : GRANTED,
            Created.Deferred::new)
        .flatMap(this::late);
  }

  @Override
  public Uni<Listed> list(String tag, Priority priority) {
    var toolbox = toolboxOf(tag).orElse(-1);
    Uni<Listed> listed =
        call(
            priority,
            answer -> world.cloud.list(process, toolbox, answer),
            ignored -> GRANTED,
            Listed.Unavailable::new);
    return toolbox < 0 ? listed : listed.flatMap(this::late);
  }

  @Override
  public Uni<Deleted> delete(long dropletId) {
    return call(
        Priority.CHANGE,
        answer -> world.cloud.delete(process, dropletId, answer),
        ignored -> GRANTED,
        Deleted.Deferred::new);
  }

  @Override
  public Uni<Known> isKnown(long dropletId) {
    return call(
        Priority.WATCH,
        answer -> world.cloud.isKnown(process, dropletId, answer),
        ignored -> GRANTED,
        (retryAfter, reason) -> Known.UNSURE);
  }

  @Override
  public Uni<Tagged> tag(long dropletId, String tag) {
    return tag(dropletId, tag, true);
  }

  @Override
  public Uni<Tagged> untag(long dropletId, String tag) {
    return tag(dropletId, tag, false);
  }

  private Uni<Tagged> tag(long dropletId, String tag, boolean on) {
    return call(
        Priority.WATCH,
        answer -> world.cloud.tag(process, dropletId, tag, on, answer),
        ignored -> GRANTED,
        Tagged.Deferred::new);
  }

  private static Answer refused(Duration retryAfter) {
    return new Answer(true, null, null, retryAfter);
  }

  /**
   * @param limits what an answer says of the cloud's limits
   * @param held what comes of a call for which none is left
   */
  private <T> Uni<T> call(
      Priority priority,
      Consumer<Consumer<T>> request,
      Function<T, Answer> limits,
      BiFunction<Duration, String, T> held) {
    return calls
        .make(priority, () -> sent(priority, request), limits)
        .map(
            reply ->
                switch (reply) {
                  case Reply.Answered<T>(var answer) -> answer;
                  case Reply.Held<T> h -> held.apply(h.retryAfter(), h.reason());
                  case Reply.Failed<T> f ->
                      throw new IllegalStateException("the cloud here always answers", f.cause());
                });
  }

  private <T> Uni<T> sent(Priority priority, Consumer<Consumer<T>> request) {
    world.cloud.limits().called(priority);
    return Uni.createFrom().emitter(answer -> request.accept(answer::complete));
  }

  @Override
  public Uni<Catalog> catalog() {
    throw new UnsupportedOperationException("nobody asks for it here");
  }

  /** Empty of a tag that names none. */
  static Optional<Integer> toolboxOf(String tag) {
    return new io.agentopia.toolbox.provisioner.fleet.Listed(0, "", Set.of(tag), Instant.EPOCH)
        .toolboxId()
        .map(World::index);
  }

  private <T> Uni<T> late(T answer) {
    return world.chance.fault(12)
        ? process.later(world.chance.between(1_000, 200_000), () -> answer)
        : Uni.createFrom().item(answer);
  }
}
