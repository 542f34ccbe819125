package io.agentopia.toolbox.bench;

import io.agentopia.toolbox.bench.measure.Figures;
import io.agentopia.toolbox.bench.subject.Subject;
import java.nio.file.Path;

/**
 * One kind of measurement; each run of it begins with nothing, so that every run is like the
 * others.
 */
interface Trial {
  /**
   * @param work a directory for what the run needs meanwhile
   */
  Figures run(Subject subject, Path work) throws InterruptedException;
}
