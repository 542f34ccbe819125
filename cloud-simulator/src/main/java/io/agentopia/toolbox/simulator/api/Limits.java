package io.agentopia.toolbox.simulator.api;

import io.agentopia.toolbox.simulator.SimulatorConfig;
import io.agentopia.toolbox.simulator.limit.RateLimiter;
import io.agentopia.toolbox.simulator.limit.RequestLog;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Makes what counts the requests. */
@ApplicationScoped
public class Limits {

  @Produces
  @Singleton
  RateLimiter limiter(SimulatorConfig config) {
    var limits = config.rateLimits();
    return new RateLimiter(limits.perHour(), limits.perMinute());
  }

  @Produces
  @Singleton
  RequestLog requestLog() {
    return new RequestLog();
  }
}
