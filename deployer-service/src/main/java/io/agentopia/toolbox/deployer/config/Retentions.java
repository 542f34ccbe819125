package io.agentopia.toolbox.deployer.config;

import io.agentopia.toolbox.runtime.retention.Retention;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** What the deployer forgets, and when. */
@ApplicationScoped
public class Retentions {
  @Produces
  @Singleton
  Retention removedTools(DeployerConfig config) {
    return new Retention(
        "removed tools",
        config.removedToolRetention(),
        "delete from account_tool_instances where id in (select id from account_tool_instances where"
            + " status = 'removed' and updated_at < $1 limit $2)");
  }

  @Produces
  @Singleton
  Retention deletedToolboxes(DeployerConfig config) {
    var gone = "(select id from toolboxes where status = 'deprovisioned' and updated_at < $1)";
    return new Retention(
        "deleted toolboxes",
        config.deletedToolboxRetention(),
        "delete from account_tool_instances where id in (select id from account_tool_instances where"
            + " toolbox_id in "
            + gone
            + " limit $2)",
        "delete from toolboxes t where id in (select id from toolboxes where status = 'deprovisioned'"
            + " and updated_at < $1 limit $2) and not exists (select 1 from account_tool_instances i"
            + " where i.toolbox_id = t.id)");
  }
}
