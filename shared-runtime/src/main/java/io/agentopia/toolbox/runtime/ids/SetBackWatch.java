package io.agentopia.toolbox.runtime.ids;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Ends this instance when the clock of its machine was set back. The framework's schedules go by
 * that clock, and would stand still until it shows again what it has shown before: rounds, sweeps
 * and pulses of an hour, and nobody would see why. Whoever looks after the process starts it anew.
 */
@ApplicationScoped
class SetBackWatch {
  private static final Logger LOG = Logger.getLogger(SetBackWatch.class);
  private static final Duration EVERY = Duration.ofSeconds(1);

  /** Shorter than anything that stands still is patient for. */
  private static final Duration TOO_FAR = Duration.ofSeconds(5);

  private final SetBack clock = new SetBack();
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().daemon().name("set-back-watch").unstarted(task));

  void start(@Observes StartupEvent event) {
    watch.scheduleWithFixedDelay(this::look, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  void stop(@Observes ShutdownEvent event) {
    watch.shutdownNow();
  }

  private void look() {
    var back = clock.look(InstantSource.system().instant(), System.nanoTime());
    if (back.compareTo(TOO_FAR) > 0) {
      LOG.errorf(
          "this machine's clock was set back by %d s, this instance ends to begin anew: its schedules would"
              + " stand still for so long",
          back.toSeconds());
      Quarkus.asyncExit(1);
    }
  }
}
