package io.agentopia.toolbox.gateway.tool;

import io.agentopia.toolbox.events.Rules;
import io.agentopia.toolbox.events.ToolSpec;
import io.agentopia.toolbox.gateway.catalog.Catalog;
import io.agentopia.toolbox.gateway.view.ToolboxView;
import io.agentopia.toolbox.runtime.http.Problem;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** Whether a toolbox has room for one more tool: its droplet, and the tools that are there. */
final class Room {
  private Room() {}

  /** Of a size that nobody knows (any more) only the general limits hold. */
  static void refuseIfTooLarge(ToolboxView toolbox, Tools.DeployTool wish, Catalog.Size size) {
    var found = Rules.fits(wish.spec(), size.slug(), size.memoryMb(), size.vcpus());
    if (!found.isEmpty()) {
      throw Problem.invalid(
              "The tool was not deployed to toolbox "
                  + toolbox.id
                  + ": its droplet cannot give it what it asks for.",
              found)
          .exception();
    }
  }

  /** The toolbox's tools whose names and ports are taken. */
  static Uni<List<ToolView>> others(ToolboxView toolbox) {
    return Panache.getSession()
        .flatMap(
            s ->
                s.createQuery(
                        "from ToolView t where t.toolboxId = :id and t.status not in ('removing', 'removed')"
                            + " order by t.createdAt",
                        ToolView.class)
                    .setParameter("id", toolbox.id)
                    .getResultList());
  }

  static void refuseIfFull(ToolboxView toolbox, List<ToolView> others) {
    if (others.size() >= Rules.MOST_TOOLS) {
      throw Problem.of(
              409,
              "too_many_tools",
              "The toolbox has all the tools it can have",
              "Toolbox %s has %d tools; at most %d are allowed. Nothing was deployed."
                  .formatted(toolbox.id, others.size(), Rules.MOST_TOOLS),
              "Remove a tool first, or use another toolbox.")
          .exception();
    }
  }

  static void refuseIfTaken(ToolboxView toolbox, Tools.DeployTool wish, List<ToolView> others) {
    for (var other : others) {
      if (other.name.equals(wish.name())) {
        throw taken("name_taken", "name", "name", wish.name(), toolbox, other);
      }
      var ports = hostPorts(ToolDocument.read(other.spec));
      for (var port : hostPorts(wish.spec())) {
        if (ports.contains(port)) {
          throw taken("host_port_taken", "ports.hostPort", "host port", port, toolbox, other);
        }
      }
    }
  }

  private static List<String> hostPorts(ToolSpec spec) {
    return spec.ports().stream()
        .filter(p -> p.hostPort() != null)
        .map(ToolSpec.Port::onHost)
        .toList();
  }

  private static RuntimeException taken(
      String code, String field, String what, String value, ToolboxView toolbox, ToolView by) {
    return new Problem(
            "urn:toolbox:problem:" + code,
            Character.toUpperCase(what.charAt(0)) + what.substring(1) + " taken",
            409,
            "Tool %s on toolbox %s has the %s '%s' already."
                .formatted(by.id, toolbox.id, what, value),
            "Choose another %s, or remove that tool first.".formatted(what),
            List.of(
                new Problem.FieldError(
                    field, "must not be taken; found '%s' with '%s'".formatted(value, by.name))))
        .exception();
  }
}
