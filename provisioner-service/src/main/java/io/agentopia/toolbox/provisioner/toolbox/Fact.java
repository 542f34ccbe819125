package io.agentopia.toolbox.provisioner.toolbox;

import io.agentopia.toolbox.events.BootStage;
import java.time.Duration;
import java.time.Instant;

/**
 * Something that is known about one toolbox now: a wish of its owner, or the result of a step, or
 * what the cloud or the agent said.
 */
public sealed interface Fact {

  /** {@code force} gives up on a droplet the cloud will not delete. */
  record DeletionRequested(boolean force, String reason) implements Fact {}

  record RecreationRequested(String reason) implements Fact {}

  /** The health service wants a lost droplet replaced; one that is there is never meant. */
  record RemedyRequested() implements Fact {}

  /** What was given up before shall be tried once more. */
  record RetryRequested(String reason) implements Fact {}

  /** A droplet is to be had, and the cloud is asked first whether there is one already. */
  record ProvisioningStarted() implements Fact {}

  /** A create request is about to go out; stored first. Creating begins with the first one. */
  record CreateAttempted() implements Fact {}

  record CreateSucceeded(long dropletId) implements Fact {}

  /** The cloud said no, and would say no again. Nothing was created. */
  record CreateRefused(ToolboxState.Trouble trouble) implements Fact {}

  /** No clear answer came: the droplet may exist. */
  record CreateUnsure(String detail) implements Fact {}

  /** The cloud did not take the request; nothing was created. */
  record CreateDeferred(Duration retryAfter, String detail) implements Fact {}

  /** The cloud could not be asked whether a droplet of this toolbox exists. */
  record LookUpFailed(Duration retryAfter, String detail) implements Fact {}

  /** The cloud's list, asked for at {@code askedAt}, shows no droplet of this toolbox. */
  record NothingFound(Instant askedAt) implements Fact {}

  /**
   * What the cloud's list says of the droplet of the current generation. {@code ipv4} is null while
   * there is none.
   */
  record DropletSeen(long dropletId, boolean active, String ipv4) implements Fact {}

  /**
   * The cloud knows a droplet that was told as lost: asked for that one, since a list may lag. Its
   * address as the list has it, or null.
   */
  record DropletFound(long dropletId, String ipv4) implements Fact {}

  /** The cloud does not know the droplet. */
  record DropletMissing(long dropletId) implements Fact {}

  record AgentJoined(ToolboxState.Agent agent) implements Fact {}

  /** The droplet phoned home. */
  record BootStageReached(BootStage stage, String detail) implements Fact {}

  /** The droplet phoned home that its boot has ended in a failure. */
  record BootFailed(String detail, String logTail) implements Fact {}

  record AgentHealthy() implements Fact {}

  record AgentDegraded(String reason) implements Fact {}

  /** No droplet of this toolbox is left in the cloud. */
  record DropletsGone() implements Fact {}

  /** Removing could not be finished now. */
  record RemovalDeferred(Duration retryAfter, String detail) implements Fact {}

  record RemovalStarted() implements Fact {}

  /** The deadline of the current state has passed. */
  record DeadlinePassed() implements Fact {}
}
