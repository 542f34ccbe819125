package io.agentopia.toolbox.provisioner.toolbox;

import java.time.Instant;

/**
 * What is to be done next for a toolbox. Each can be repeated without harm, and its result is
 * another {@link Fact}.
 */
public sealed interface Step {

  /** Nothing to ask the cloud: the fact is already true. */
  record Record(Fact fact) implements Step {}

  record CreateDroplet() implements Step {}

  /** Look for a droplet that may exist. */
  record LookUpDroplet() implements Step {}

  record RemoveDroplets(ToolboxState.Removal removal) implements Step {}

  /** Nothing before {@code at}; null: nothing until a fact comes. */
  record Wait(Instant at) implements Step {}
}
