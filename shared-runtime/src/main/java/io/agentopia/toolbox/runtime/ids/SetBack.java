package io.agentopia.toolbox.runtime.ids;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How far a clock was set back, told by a counter that nobody sets. Pure. */
final class SetBack {
  private @Nullable Instant shown;
  private long nanos;

  /**
   * @param shows the clock
   * @param counter nanoseconds
   * @return since the look before; negative where it was set ahead, zero at the first look
   */
  Duration look(Instant shows, long counter) {
    var back =
        shown == null
            ? Duration.ZERO
            : Duration.ofNanos(counter - nanos).minus(Duration.between(shown, shows));
    shown = shows;
    nanos = counter;
    return back;
  }
}
