package io.agentopia.toolbox.agent.backend;

import io.agentopia.toolbox.agent.loop.Backoff;
import io.agentopia.toolbox.agent.tools.Manifest;
import java.time.Duration;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Fetches the manifest; only one that is not older than the newest ever seen is passed on. */
public final class ManifestSync {
  private static final Logger LOG = Logger.getLogger(ManifestSync.class);

  private final Link link;
  private final Duration every;
  private final Consumer<Manifest> wanted;
  private final Pacer pacer;
  private volatile long fetched = -1;

  public ManifestSync(Link link, Duration every, Consumer<Manifest> wanted) {
    this.link = link;
    this.every = every;
    this.wanted = wanted;
    this.pacer = link.pacer();
  }

  /** Generation of the manifest last passed on, or -1. */
  public long fetched() {
    return fetched;
  }

  public Duration fetch() throws InterruptedException {
    return switch (link.controlPlane().manifest(link.token())) {
      case Answer.Ok<Manifest>(var manifest) -> {
        pacer.succeeded();
        consider(manifest);
        yield Backoff.jittered(every, link.random().getAsDouble());
      }
      case Answer.Gone<Manifest>(var detail) -> {
        link.gone().accept(detail);
        yield null;
      }
      case Answer.Failed<Manifest> failed -> {
        var pause = pacer.pauseAfter(failed);
        LOG.warnf(
            "Manifest not fetched, tried again attempt=%d pause=%ds found=\"%s\"",
            pacer.failures(), pause.toSeconds(), failed.detail());
        yield pause;
      }
    };
  }

  private void consider(Manifest manifest) {
    var state = link.state().current();
    if (!state.identity().toolboxId().equals(manifest.toolboxId())) {
      LOG.errorf(
          "Manifest ignored, it is of another toolbox own=%s found=%s",
          state.identity().toolboxId(), manifest.toolboxId());
      return;
    }
    if (manifest.generation() < state.highestManifest()) {
      LOG.warnf(
          "Manifest ignored, it is older than the newest seen generation=%d highest=%d",
          manifest.generation(), state.highestManifest());
      return;
    }
    if (manifest.generation() != fetched) {
      LOG.infof(
          "Manifest taken generation=%d tools=%d", manifest.generation(), manifest.tools().size());
    }
    link.state().updateAnyway(s -> s.sawManifest(manifest.generation()));
    fetched = manifest.generation();
    wanted.accept(manifest);
  }
}
