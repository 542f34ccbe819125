package io.agentopia.toolbox.agent.backend;

import io.agentopia.toolbox.agent.loop.Retries;
import io.agentopia.toolbox.agent.tools.Manifest;
import java.time.Duration;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Fetches the manifest; only one that is not older than the newest ever seen is passed on. */
public final class ManifestSync {
  private static final Logger LOG = Logger.getLogger(ManifestSync.class);

  private final ControlPlaneSession session;
  private final Duration every;
  private final Consumer<Manifest> wanted;
  private final Retries retries;
  private volatile long fetched = -1;

  public ManifestSync(ControlPlaneSession session, Duration every, Consumer<Manifest> wanted) {
    this.session = session;
    this.every = every;
    this.wanted = wanted;
    this.retries = session.retries();
  }

  /** Generation of the manifest last passed on, or -1. */
  public long fetched() {
    return fetched;
  }

  public Duration fetch() throws InterruptedException {
    return switch (session.controlPlane().manifest(session.token())) {
      case Answer.Ok<Manifest>(var manifest) -> {
        retries.succeeded();
        consider(manifest);
        yield session.timing().jittered(every);
      }
      case Answer.Gone<Manifest>(var detail) -> {
        session.gone().accept(detail);
        yield null;
      }
      case Answer.Failed<Manifest> failed -> {
        var pause = session.pauseAfter(failed, retries);
        LOG.warnf(
            "Manifest not fetched, tried again attempt=%d pause=%ds found=\"%s\"",
            retries.failures(), pause.toSeconds(), failed.detail());
        yield pause;
      }
    };
  }

  private void consider(Manifest manifest) {
    var state = session.state().current();
    if (!state.identity().toolboxId().equals(manifest.toolboxId())) {
      LOG.errorf(
          "Manifest ignored, it is of another toolbox own=%s found=%s",
          state.identity().toolboxId(), manifest.toolboxId());
      return;
    }
    if (manifest.generation() < state.progress().highestManifest()) {
      LOG.warnf(
          "Manifest ignored, it is older than the newest seen generation=%d highest=%d",
          manifest.generation(), state.progress().highestManifest());
      return;
    }
    if (manifest.generation() != fetched) {
      LOG.infof(
          "Manifest taken generation=%d tools=%d", manifest.generation(), manifest.tools().size());
    }
    session.state().updateAnyway(s -> s.sawManifest(manifest.generation()));
    fetched = manifest.generation();
    wanted.accept(manifest);
  }
}
