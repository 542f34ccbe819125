package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.provisioner.cloud.CloudProvider;
import io.agentopia.toolbox.provisioner.cloud.budget.Priority;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * The simulated cloud as one instance calls it. It gets round to some answers late: its process was
 * paused, or its database slow.
 */
final class CallsToCloud implements CloudProvider {
  private final World world;
  private final Process process;

  CallsToCloud(World world, Process process) {
    this.world = world;
    this.process = process;
  }

  @Override
  public Uni<Created> create(DropletRequest request) {
    return Uni.createFrom()
        .<Created>emitter(answer -> world.cloud.create(process, request, answer::complete))
        .flatMap(this::late);
  }

  @Override
  public Uni<Listed> list(String tag, Priority priority) {
    var toolbox = toolboxOf(tag).orElse(-1);
    Uni<Listed> listed =
        Uni.createFrom().emitter(answer -> world.cloud.list(process, toolbox, answer::complete));
    return toolbox < 0 ? listed : listed.flatMap(this::late);
  }

  @Override
  public Uni<Deleted> delete(long dropletId) {
    return Uni.createFrom()
        .emitter(answer -> world.cloud.delete(process, dropletId, answer::complete));
  }

  @Override
  public Uni<Known> isKnown(long dropletId) {
    return Uni.createFrom()
        .emitter(answer -> world.cloud.isKnown(process, dropletId, answer::complete));
  }

  @Override
  public Uni<Tagged> tag(long dropletId, String tag) {
    return Uni.createFrom()
        .emitter(answer -> world.cloud.tag(process, dropletId, tag, true, answer::complete));
  }

  @Override
  public Uni<Tagged> untag(long dropletId, String tag) {
    return Uni.createFrom()
        .emitter(answer -> world.cloud.tag(process, dropletId, tag, false, answer::complete));
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
