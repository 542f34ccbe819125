package io.agentopia.toolbox.deployer.tool;

import io.agentopia.toolbox.events.ToolSpec;

/** Something that is true now and may move a tool instance on. */
public sealed interface ToolFact {

  /** The account wants this to run under this id. The request was checked and is in order. */
  record DeployRequested(String name, ToolSpec spec) implements ToolFact {}

  /** The account wants something that cannot be; what runs already stays as it is. */
  record DeployRefused(FailureReason trouble) implements ToolFact {}

  record StopRequested() implements ToolFact {}

  record StartRequested() implements ToolFact {}

  record RestartRequested() implements ToolFact {}

  record RemovalRequested() implements ToolFact {}

  record ToolboxBecameHealthy() implements ToolFact {}

  /** The agent's report lists it. */
  record Reported(AgentObservation sighting, long appliedManifest) implements ToolFact {}

  /** The agent's report, which is a whole list, does not list it. */
  record MissingFromReport(long appliedManifest) implements ToolFact {}

  /** It is now later than the instance's {@link ToolInstance#deadline()}. */
  record DeadlinePassed() implements ToolFact {}

  record ToolboxDeleted() implements ToolFact {}

  /** There is no such toolbox, or it is another account's: what waits for it waits in vain. */
  record ToolboxRefused(FailureReason trouble) implements ToolFact {}

  /** The toolbox has an empty new droplet; nothing of this instance is on it. */
  record DropletReplaced() implements ToolFact {}
}
