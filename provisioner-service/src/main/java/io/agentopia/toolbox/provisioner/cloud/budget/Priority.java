package io.agentopia.toolbox.provisioner.cloud.budget;

/** Which calls go first when few are left. */
public enum Priority {
  /** Creating, deleting, and looking up what either needs to know. */
  CHANGE,
  /** Looking at the fleet and at the catalog: later is soon enough. */
  WATCH
}
