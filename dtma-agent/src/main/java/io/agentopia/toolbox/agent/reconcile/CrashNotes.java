package io.agentopia.toolbox.agent.reconcile;

import io.agentopia.toolbox.agent.tools.ObservedContainer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * How containers ended last. Docker forgets the exit code as soon as it starts a container again,
 * and from engine 26 on also that it had run out of memory; without this a tool in a crash loop
 * would look different at each glance.
 */
final class CrashNotes {
  private record Note(int restartCount, Integer exitCode, boolean outOfMemory, String logTail) {}

  private final UnaryOperator<String> readTail;
  private final Map<String, Note> notes = new HashMap<>();

  /**
   * @param readTail container id to its last log lines
   */
  CrashNotes(UnaryOperator<String> readTail) {
    this.readTail = readTail;
  }

  /** Notes who ended, forgets who is gone, and gives those that run again their last end. */
  List<ObservedContainer> enrich(List<ObservedContainer> containers) {
    notes.keySet().retainAll(containers.stream().map(ObservedContainer::id).toList());
    return containers.stream().map(this::enrich).toList();
  }

  String logTail(String containerId) {
    var note = notes.get(containerId);
    return note == null ? null : note.logTail();
  }

  private ObservedContainer enrich(ObservedContainer container) {
    var note = notes.get(container.id());
    var run = container.run();
    if (run.exitCode() != null) {
      if (note == null || !isOf(run, note)) {
        var tail = readTail.apply(container.id());
        notes.put(
            container.id(), new Note(run.restartCount(), run.exitCode(), run.outOfMemory(), tail));
      }
      return container;
    }
    return note != null && run.restartCount() > 0
        ? container.ended(note.exitCode(), note.outOfMemory())
        : container;
  }

  private static boolean isOf(ObservedContainer.Run run, Note note) {
    return note.restartCount() == run.restartCount()
        && note.exitCode().equals(run.exitCode())
        && note.outOfMemory() == run.outOfMemory();
  }
}
