package io.agentopia.toolbox.health.remediation;

import io.agentopia.toolbox.health.remediation.AilingDroplet.Asked;
import io.agentopia.toolbox.health.remediation.Decision.Remediate;
import io.agentopia.toolbox.health.remediation.Decision.Wait;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What to do about a droplet that is lost or sick: climb the ladder, unless a guard objects. Pure.
 */
public final class RemediationPolicy {
  private final List<Rung> ladder;
  private final RemediationRules rules;

  public RemediationPolicy(RemediationRules rules) {
    this(Rung.LADDER, rules);
  }

  public RemediationPolicy(List<Rung> ladder, RemediationRules rules) {
    this.ladder = ladder;
    this.rules = rules;
  }

  /** Whether any rung helps against it: an ailment without one is told by the verdict alone. */
  public boolean treats(Ailment ailment) {
    return ladder.stream().anyMatch(rung -> rung.helps().test(ailment));
  }

  /**
   * @throws IllegalStateException for what no rung {@link #treats}
   */
  public Decision decide(RemediationContext context, Instant now) {
    var rungs =
        ladder.stream().filter(rung -> rung.helps().test(context.droplet().ailment())).toList();
    if (rungs.isEmpty()) {
      throw new IllegalStateException("no remedy for " + context.droplet());
    }
    var asked = context.droplet().asked();
    return asked == null
        ? climb(rungs.getFirst(), context, now)
        : afterwards(rungs, asked, context, now);
  }

  /** The wish may be on its way for a while; what did not help by then is followed by the next. */
  private Decision afterwards(
      List<Rung> rungs, Asked asked, RemediationContext context, Instant now) {
    var last = place(rungs, asked);
    var until = asked.at().plus(rungs.get(Math.max(0, last)).patience().apply(rules));
    return now.isBefore(until)
        ? new Wait(until, "a remedy was asked for")
        : climb(rungs.get(Math.min(last + 1, rungs.size() - 1)), context, now);
  }

  /** -1 for a remedy against what ailed it before. */
  private static int place(List<Rung> rungs, Asked asked) {
    return rungs.stream().map(Rung::remedy).toList().indexOf(asked.remedy());
  }

  private Decision climb(Rung rung, RemediationContext context, Instant now) {
    return rung.guards().stream()
        .map(guard -> guard.object(context, rules, now))
        .flatMap(Optional::stream)
        .findFirst()
        .orElseGet(() -> new Remediate(rung));
  }
}
