package io.agentopia.toolbox.local.process;

/** Where a supervised process stands. */
public enum ProcessState {
  /** For what it needs to be ready, or for its turn. */
  WAITING,
  STARTING,
  READY,
  /** It died and is started again after a pause. */
  RESTARTING,
  STOPPED,
  /** It died several times before it was ready once: it is not tried again. */
  FAILED
}
