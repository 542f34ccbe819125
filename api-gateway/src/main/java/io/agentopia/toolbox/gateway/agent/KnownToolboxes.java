package io.agentopia.toolbox.gateway.agent;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.agentopia.toolbox.gateway.view.ToolboxView;
import io.agentopia.toolbox.gateway.view.ViewChanges;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * Toolboxes as the agents' edge needs them, many times a minute for each: in memory, and kept right
 * by the notification that each change of the read model sends at its commit. While notifications
 * are not known to arrive ({@link ViewChanges#isListening}) the database is asked, so an agent that
 * is replaced or whose toolbox is deleted is refused within two seconds at most.
 */
@ApplicationScoped
class KnownToolboxes {
  private static final Logger LOG = Logger.getLogger(KnownToolboxes.class);

  /** About a kilobyte each. */
  private static final int MOST = 50_000;

  private final ViewChanges changes;
  private final Map<UUID, ToolboxView> known =
      Caffeine.newBuilder().maximumSize(MOST).<UUID, ToolboxView>build().asMap();
  private final AtomicLong changesSeen = new AtomicLong();
  private volatile boolean isTold;

  @Inject
  KnownToolboxes(ViewChanges changes) {
    this.changes = changes;
  }

  void start(@Observes StartupEvent event) {
    isTold = true;
    changes.stream().subscribe().with(this::forget, this::noLongerTold);
  }

  /**
   * @return detached, not to be changed; null when the read model has not heard of it
   */
  Uni<ToolboxView> find(UUID id) {
    var view = known.get(id);
    return view != null && isUpToDate() ? Uni.createFrom().item(view) : read(id);
  }

  private boolean isUpToDate() {
    return isTold && changes.isListening();
  }

  /** What was read while something changed may be from before the change: it is not kept. */
  private Uni<ToolboxView> read(UUID id) {
    var seen = changesSeen.get();
    return Panache.withSession(
            () -> Panache.getSession().flatMap(session -> session.find(ToolboxView.class, id)))
        .invoke(
            view -> {
              if (view != null && isUpToDate() && changesSeen.get() == seen) {
                known.put(view.id, view);
              }
            });
  }

  private void forget(ViewChanges.Change change) {
    changesSeen.incrementAndGet();
    if (change.isEverything()) {
      known.clear();
    } else {
      known.remove(change.toolboxId());
    }
  }

  private void noLongerTold(Throwable cause) {
    LOG.errorf(cause, "changes of toolboxes are no longer told, the database is asked from now on");
    isTold = false;
    known.clear();
  }
}
