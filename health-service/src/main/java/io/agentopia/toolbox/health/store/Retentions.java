package io.agentopia.toolbox.health.store;

import io.agentopia.toolbox.health.HealthConfig;
import io.agentopia.toolbox.runtime.retention.Retention;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** What the health service forgets, and when. */
@ApplicationScoped
public class Retentions {
  @Produces
  @Singleton
  Retention losses(HealthConfig config) {
    return new Retention(
        "losses that are over",
        config.remediation().keep(),
        "delete from lost_droplets where (toolbox_id, generation) in (select toolbox_id, generation"
            + " from lost_droplets where state <> 'open' and alert_id is null and lost_at < $1"
            + " limit $2)");
  }
}
