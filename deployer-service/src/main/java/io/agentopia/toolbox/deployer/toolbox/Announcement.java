package io.agentopia.toolbox.deployer.toolbox;

import io.agentopia.toolbox.deployer.tool.Notice;
import io.agentopia.toolbox.deployer.tool.ToolInstance;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolLifecycle;
import io.agentopia.toolbox.events.ToolRef;

/** A notice about one tool instance, made while deciding; the event itself is made at the end. */
record Announcement(ToolInstance tool, Notice notice) {

  ToolLifecycle event(Toolbox toolbox, long sequence, long manifest) {
    var subject =
        new Subject(toolbox.id(), toolbox.accountId(), toolbox.droplet().generation(), sequence);
    var wish = tool.wish();
    var ref = new ToolRef(wish.toolInstanceId(), tool.status(), manifest, wish.name());
    return switch (notice) {
      case Notice.DeployStarted n ->
          new ToolLifecycle.ToolDeployStarted(subject, ref, wish.spec().image());
      case Notice.Deployed n ->
          new ToolLifecycle.ToolDeployed(
              subject, ref, wish.spec().image(), tool.container().orElse(null));
      case Notice.DeployFailed n ->
          new ToolLifecycle.ToolDeployFailed(
              subject,
              ref,
              n.trouble().code(),
              n.trouble().message(),
              n.trouble().action(),
              n.trouble().logTail());
      case Notice.StatusChanged n ->
          new ToolLifecycle.ToolStatusChanged(
              subject, ref, tool.container().orElse(null), n.detail());
      case Notice.Removed n -> new ToolLifecycle.ToolRemoved(subject, ref);
    };
  }
}
