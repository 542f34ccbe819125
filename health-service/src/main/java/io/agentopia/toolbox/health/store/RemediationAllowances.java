package io.agentopia.toolbox.health.store;

import io.agentopia.toolbox.runtime.operations.Allowances;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** How many lost droplets at a time operators have said to be right. */
@Singleton
public class RemediationAllowances extends Allowances {
  @Inject
  public RemediationAllowances(Pool pool) {
    super(pool, "remediation_allowances");
  }
}
