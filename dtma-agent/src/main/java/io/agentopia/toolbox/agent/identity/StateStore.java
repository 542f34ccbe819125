package io.agentopia.toolbox.agent.identity;

import java.io.IOException;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;

/** The state in memory, written through to its file at each change. */
public final class StateStore {
  private static final Logger LOG = Logger.getLogger(StateStore.class);
  private final StateStorage storage;
  private volatile AgentState state;

  private StateStore(StateStorage storage, AgentState state) {
    this.storage = storage;
    this.state = state;
  }

  public static StateStore over(StateStorage storage) throws IOException {
    return new StateStore(storage, storage.read().orElseGet(AgentState::fresh));
  }

  /**
   * Reads the file. One that cannot be understood is set aside: the agent can only join anew.
   *
   * @throws IOException the directory cannot be used
   */
  public static StateStore open(StateFile file) throws IOException {
    try {
      return over(file);
    } catch (StateFile.UnreadableStateException e) {
      var aside = file.setAside();
      LOG.errorf(
          "State file unreadable, set aside; the agent must join anew file=%s aside=%s found=\"%s\"",
          file.path(), aside, e.getMessage());
      return new StateStore(file, AgentState.fresh());
    }
  }

  public AgentState current() {
    return state;
  }

  /** Changes the state only if the change reached the disk. */
  public synchronized void update(UnaryOperator<AgentState> change) throws IOException {
    var next = change.apply(state);
    if (!next.equals(state)) {
      storage.write(next);
      state = next;
    }
  }

  /**
   * Changes the state even when the disk refuses (full, read-only): tools are worth more than a
   * file. What is lost then is lost at the next restart only.
   */
  public synchronized void updateAnyway(UnaryOperator<AgentState> change) {
    try {
      update(change);
    } catch (IOException e) {
      state = change.apply(state);
      LOG.errorf(
          "State not written, kept in memory until it can be; check the disk file=%s found=\"%s\"",
          storage, e.toString());
    }
  }
}
