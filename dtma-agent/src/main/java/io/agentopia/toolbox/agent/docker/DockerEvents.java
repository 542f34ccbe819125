package io.agentopia.toolbox.agent.docker;

import io.agentopia.toolbox.agent.loop.Backoff;
import io.agentopia.toolbox.agent.loop.Retries;
import io.agentopia.toolbox.agent.loop.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Listens to Docker, so that a tool that dies is seen at once. A stream can go silently dead: it is
 * opened anew every minute, from the last event on. The reconciler's own look every half minute is
 * what correctness rests on.
 */
public final class DockerEvents {
  private static final Logger LOG = Logger.getLogger(DockerEvents.class);
  private static final Duration STREAM = Duration.ofSeconds(60);
  private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

  private final DockerGateway docker;
  private final UUID toolboxId;
  private final Runnable changed;
  private final Timing timing;
  private final Retries retries;
  private Instant since;

  public DockerEvents(DockerGateway docker, UUID toolboxId, Timing timing, Runnable changed) {
    this.docker = docker;
    this.toolboxId = toolboxId;
    this.timing = timing;
    this.retries = new Retries(timing);
    this.changed = changed;
    this.since = timing.now();
  }

  /** One stream; the loop's step. */
  public Duration listen() throws InterruptedException {
    var began = timing.now();
    try {
      var last = docker.watch(toolboxId, since, STREAM, changed);
      // Docker gives the events of the very second again; one second later they are new for sure.
      since = last.isAfter(since) ? last.plusSeconds(1) : since;
      retries.succeeded();
    } catch (DockerUnavailable | DockerRefusal e) {
      LOG.debugf("Docker's events not heard, tried again found=\"%s\"", e.getMessage());
      return retries.failed(BACKOFF);
    }
    // A stream that ends at once (an engine going down) must not be reopened in a busy loop.
    var lasted = Duration.between(began, timing.now());
    return lasted.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : Duration.ZERO;
  }
}
