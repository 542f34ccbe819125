package io.agentopia.toolbox.provisioner.cloud;

import io.agentopia.toolbox.provisioner.cloud.budget.Priority;
import io.agentopia.toolbox.provisioner.cloud.digitalocean.DigitalOcean;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Inject;

/**
 * Lets a test profile put the real adapter, on the simulator, in the place of the one in memory.
 */
@Alternative
@ApplicationScoped
public class SimulatedDigitalOcean implements CloudProvider {
  @Inject DigitalOcean digitalOcean;

  @Override
  public Uni<Created> create(DropletRequest request) {
    return digitalOcean.create(request);
  }

  @Override
  public Uni<Listed> list(String tag, Priority priority) {
    return digitalOcean.list(tag, priority);
  }

  @Override
  public Uni<Deleted> delete(long dropletId) {
    return digitalOcean.delete(dropletId);
  }

  @Override
  public Uni<Known> isKnown(long dropletId) {
    return digitalOcean.isKnown(dropletId);
  }

  @Override
  public Uni<Tagged> tag(long dropletId, String tag) {
    return digitalOcean.tag(dropletId, tag);
  }

  @Override
  public Uni<Tagged> untag(long dropletId, String tag) {
    return digitalOcean.untag(dropletId, tag);
  }

  @Override
  public Uni<Catalog> catalog() {
    return digitalOcean.catalog();
  }
}
