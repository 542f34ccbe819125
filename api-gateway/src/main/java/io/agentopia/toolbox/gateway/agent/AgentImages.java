package io.agentopia.toolbox.gateway.agent;

import io.agentopia.toolbox.gateway.agent.AgentGate.Admitted;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Objects;
import org.jboss.logging.Logger;

/** Which image an agent runs from, and which it shall run from. */
@ApplicationScoped
class AgentImages {
  private static final Logger LOG = Logger.getLogger(AgentImages.class);
  private static final int LONGEST_VERSION = 100;
  private static final int LONGEST_IMAGE = 400;
  private static final int LONGEST_ADDRESS = 300;

  private static final String NOTE =
      "update toolbox_view set agent_version = $1, agent_image = $2, agent_calls = $3"
          + " where id = $4 and generation = $5";

  private final Pool pool;

  @Inject
  AgentImages(Pool pool) {
    this.pool = pool;
  }

  /** In a heartbeat's answer: docs/agent-protocol.md. */
  record Wanted(String version, List<String> references) {
    /**
     * @return null when the agent runs from it already, or nothing is wanted of this droplet: an
     *     agent can be of a generation that the read model has not come to
     */
    static Wanted of(Admitted who, String runs) {
      var view = who.view();
      return view != null
              && view.generation == who.agent().generation()
              && view.isAnotherImageWanted(runs)
          ? new Wanted(view.wantedAgentVersion, view.wantedAgentImages())
          : null;
    }
  }

  /**
   * Keeps what the agent says it is: only when it is news.
   *
   * @param calls the address it called, where it shall call another one; else null
   */
  Uni<Void> note(Admitted who, String version, String image, String calls) {
    var view = who.view();
    var knownVersion = atMost(LONGEST_VERSION, version);
    var knownImage = atMost(LONGEST_IMAGE, image);
    var knownCalls = atMost(LONGEST_ADDRESS, calls);
    if (view == null
        || view.generation != who.agent().generation()
        || Objects.equals(view.agentVersion, knownVersion)
            && Objects.equals(view.agentImage, knownImage)
            && Objects.equals(view.agentCalls, knownCalls)) {
      return Uni.createFrom().voidItem();
    }
    return pool.preparedQuery(NOTE)
        .execute(Tuple.of(knownVersion, knownImage, knownCalls, view.id, view.generation))
        .replaceWithVoid()
        .onFailure()
        .recoverWithItem(
            e -> {
              LOG.warnf("agent's image not noted: toolboxId=%s cause=%s", view.id, e.toString());
              return null;
            });
  }

  private static String atMost(int length, String text) {
    return text == null || text.length() <= length ? text : text.substring(0, length);
  }
}
