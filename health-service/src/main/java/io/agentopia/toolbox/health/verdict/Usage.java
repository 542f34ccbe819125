package io.agentopia.toolbox.health.verdict;

import io.agentopia.toolbox.events.Measurement;
import java.time.Instant;

/**
 * Something of a droplet that can be used up. It brings its own threshold, so that another such
 * check is another line.
 *
 * @param name of the check, and of its setting: {@code health.most.<name>}
 * @param of the share that is used, percent; an agent that does not tell it has used nothing
 * @param what it is called where people read it
 * @param most so much is still well, unless the settings say another
 */
record Usage(String name, Measurement of, String code, String what, double most)
    implements HealthCheck {

  @Override
  public Finding look(Signals signals, Thresholds thresholds, Instant now) {
    if (signals.beat() == null) {
      return Finding.unknown(name, "no heartbeat yet", null);
    }
    var metrics = signals.beat().metrics();
    var used = metrics == null ? 0 : metrics.of(of).orElse(0);
    var detail = what + " is " + Math.round(used) + " % full";
    return used > thresholds.most().getOrDefault(name, most)
        ? Finding.bad(name, code, detail)
        : Finding.ok(name, detail, null);
  }
}
