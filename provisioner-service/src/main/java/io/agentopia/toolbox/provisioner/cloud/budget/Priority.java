package io.agentopia.toolbox.provisioner.cloud.budget;

/** Which calls go first when few are left: in this order. */
public enum Priority {
  /** Creating, deleting, and looking up what either needs to know, a new droplet's address too. */
  CHANGE,
  /** Looking at a fleet that is up, and at the catalog: later is soon enough. */
  WATCH
}
