package io.agentopia.toolbox.deployer.messaging;

import io.agentopia.toolbox.runtime.restore.Retelling;
import io.agentopia.toolbox.runtime.work.InTurn;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;

/**
 * The deployer after a restore of its database: each toolbox gets a manifest that its agent takes
 * for newer than any, and each tool's state is told again.
 */
@ApplicationScoped
public class Restored implements Retelling {
  private final ToolboxStore toolboxes;
  private final Deployments deployments;

  @Inject
  public Restored(ToolboxStore toolboxes, Deployments deployments) {
    this.toolboxes = toolboxes;
    this.deployments = deployments;
  }

  @Override
  public Uni<Integer> retell(long floor, int most) {
    return toolboxes.below(floor, most).call(ids -> retell(ids, floor)).map(List::size);
  }

  private Uni<Void> retell(List<UUID> ids, long floor) {
    return InTurn.each(ids, id -> retell(id, floor));
  }

  private Uni<Void> retell(UUID id, long floor) {
    return toolboxes
        .open(id, null)
        .flatMap(
            found ->
                found
                    .map(tools -> deployments.carryOut(tools, tools.toldAgain(floor), null))
                    .orElseGet(() -> Uni.createFrom().voidItem()));
  }
}
