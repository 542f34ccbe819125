package io.agentopia.toolbox.gateway.agent;

import io.agentopia.toolbox.gateway.agent.AgentGate.Admitted;
import io.agentopia.toolbox.gateway.toolbox.ToolboxView;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;
import org.jboss.logging.Logger;

/** Which image an agent runs from, and which it shall run from. */
@ApplicationScoped
class AgentImages {
  private static final Logger LOG = Logger.getLogger(AgentImages.class);
  private static final int LONGEST_VERSION = 100;
  private static final int LONGEST_IMAGE = 400;

  private static final String NOTE =
      "update toolbox_view set agent_version = :version, agent_image = :image"
          + " where id = :id and generation = :generation";

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

  /** Keeps what the agent says it is: only when it is news. */
  Uni<Void> note(Admitted who, String version, String image) {
    var view = who.view();
    var knownVersion = atMost(LONGEST_VERSION, version);
    var knownImage = atMost(LONGEST_IMAGE, image);
    if (view == null
        || view.generation != who.agent().generation()
        || Objects.equals(view.agentVersion, knownVersion)
            && Objects.equals(view.agentImage, knownImage)) {
      return Uni.createFrom().voidItem();
    }
    return Panache.withTransaction(() -> write(view, knownVersion, knownImage))
        .onFailure()
        .recoverWithItem(
            e -> {
              LOG.warnf("agent's image not noted: toolboxId=%s cause=%s", view.id, e.toString());
              return null;
            });
  }

  private static Uni<Void> write(ToolboxView view, String version, String image) {
    return Panache.getSession()
        .flatMap(
            session ->
                session
                    .createNativeQuery(NOTE)
                    .setParameter("version", version)
                    .setParameter("image", image)
                    .setParameter("id", view.id)
                    .setParameter("generation", view.generation)
                    .executeUpdate())
        .replaceWithVoid();
  }

  private static String atMost(int length, String text) {
    return text == null || text.length() <= length ? text : text.substring(0, length);
  }
}
