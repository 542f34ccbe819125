package io.agentopia.toolbox.agent.reconcile;

/** Where actions are carried out, beside the reconciler and each other. */
@FunctionalInterface
public interface ActionExecutor extends AutoCloseable {
  void execute(Action action, Runnable job);

  /** What is under way is cut off. */
  @Override
  default void close() {}
}
