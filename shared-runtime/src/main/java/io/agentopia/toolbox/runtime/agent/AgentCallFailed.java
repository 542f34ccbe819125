package io.agentopia.toolbox.runtime.agent;

/**
 * A call to an agent got no usable answer; the message says what was found, as part of a sentence.
 */
public class AgentCallFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  AgentCallFailed(String found) {
    super(found);
  }
}
