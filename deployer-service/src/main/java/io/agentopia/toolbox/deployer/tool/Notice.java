package io.agentopia.toolbox.deployer.tool;

/** What the world is to hear of a change; each becomes one event on {@code tool.lifecycle}. */
public sealed interface Notice {
  record DeployStarted() implements Notice {}

  record Deployed() implements Notice {}

  record DeployFailed(Trouble trouble) implements Notice {}

  record StatusChanged(String detail) implements Notice {}

  record Removed() implements Notice {}
}
