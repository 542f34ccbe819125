package io.agentopia.toolbox.deployer.toolbox;

import io.agentopia.toolbox.deployer.tool.Notice;
import io.agentopia.toolbox.deployer.tool.ToolInstance;
import io.agentopia.toolbox.events.ToolLifecycle;

/** A notice about one tool instance, made while deciding; the event itself is made at the end. */
record Announcement(ToolInstance tool, Notice notice) {

  ToolLifecycle event(Toolbox toolbox, long sequence, long manifest) {
    var id = toolbox.id();
    var account = toolbox.accountId();
    var generation = toolbox.droplet().generation();
    var wish = tool.wish();
    var tid = wish.toolInstanceId();
    var status = tool.status();
    return switch (notice) {
      case Notice.DeployStarted n ->
          new ToolLifecycle.ToolDeployStarted(
              id,
              account,
              generation,
              sequence,
              tid,
              status,
              manifest,
              wish.name(),
              wish.spec().image());
      case Notice.Deployed n ->
          new ToolLifecycle.ToolDeployed(
              id,
              account,
              generation,
              sequence,
              tid,
              status,
              manifest,
              wish.name(),
              wish.spec().image(),
              tool.container().orElse(null));
      case Notice.DeployFailed n ->
          new ToolLifecycle.ToolDeployFailed(
              id,
              account,
              generation,
              sequence,
              tid,
              status,
              manifest,
              wish.name(),
              n.trouble().code(),
              n.trouble().message(),
              n.trouble().action(),
              n.trouble().logTail());
      case Notice.StatusChanged n ->
          new ToolLifecycle.ToolStatusChanged(
              id,
              account,
              generation,
              sequence,
              tid,
              status,
              manifest,
              wish.name(),
              tool.container().orElse(null),
              n.detail());
      case Notice.Removed n ->
          new ToolLifecycle.ToolRemoved(
              id, account, generation, sequence, tid, status, manifest, wish.name());
    };
  }
}
