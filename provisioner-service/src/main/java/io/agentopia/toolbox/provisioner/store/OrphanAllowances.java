package io.agentopia.toolbox.provisioner.store;

import io.agentopia.toolbox.runtime.operations.Allowances;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** How many orphans at a time operators have said to be right. */
@Singleton
class OrphanAllowances extends Allowances {
  @Inject
  OrphanAllowances(Pool pool) {
    super(pool, "orphan_allowances");
  }
}
