package io.agentopia.toolbox.provisioner.store;

import io.agentopia.toolbox.provisioner.ProvisionerConfig;
import io.agentopia.toolbox.runtime.retention.Retention;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** What the provisioner forgets, and when. */
@ApplicationScoped
public class Retentions {
  @Produces
  @Singleton
  Retention joinTokens(ProvisionerConfig config) {
    return new Retention(
        "join tokens",
        config.joinTokenRetention(),
        "delete from join_tokens where hash in (select hash from join_tokens where expires_at < $1"
            + " limit $2)");
  }

  @Produces
  @Singleton
  Retention deletedToolboxes(ProvisionerConfig config) {
    return new Retention(
        "deleted toolboxes",
        config.deletedToolboxRetention(),
        "delete from account_tool_environments e where id in (select id from"
            + " account_tool_environments where status = 'deprovisioned' and updated_at < $1 limit $2)"
            + " and not exists (select 1 from join_tokens t where t.toolbox_id = e.id)");
  }
}
