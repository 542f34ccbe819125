package io.agentopia.toolbox.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The steps from request to healthy toolbox, in their order, as the API shows them. A later step
 * implies the earlier ones: between two looks several may pass.
 */
enum Step {
  ACCEPTED("accepted", "accepted", "provisioner-service"),
  DROPLET_CREATED("droplet created", "droplet_created", "provisioner-service"),
  ADDRESS_KNOWN("address known", "address", "provisioner-service"),
  AGENT_JOINED("agent joined", "joined", "cloud-simulator"),
  HEALTHY("healthy", "healthy", "health-service");

  final String title;
  private final String stage;

  /** Whose log tells most when this step does not come. */
  final String doneBy;

  Step(String title, String stage, String doneBy) {
    this.title = title;
    this.stage = stage;
    this.doneBy = doneBy;
  }

  /** The steps that a toolbox has behind it. */
  static List<Step> reached(JsonNode toolbox) {
    var all = List.of(values());
    for (var step : all.reversed()) {
      if (step.shownBy(toolbox)) {
        return all.subList(0, step.ordinal() + 1);
      }
    }
    return List.of();
  }

  /** What there is to say about it. The timeline knows it sooner than the fields do. */
  String detail(JsonNode toolbox) {
    return switch (this) {
      case DROPLET_CREATED -> "droplet " + toolbox.path("dropletId").asText("");
      case ADDRESS_KNOWN -> timelineDetail(toolbox).orElse(toolbox.path("ipv4").asText(""));
      case ACCEPTED, AGENT_JOINED, HEALTHY -> timelineDetail(toolbox).orElse("");
    };
  }

  private boolean shownBy(JsonNode toolbox) {
    return switch (this) {
      case ACCEPTED -> inTimeline(toolbox);
      case DROPLET_CREATED -> toolbox.hasNonNull("dropletId") || inTimeline(toolbox);
      case ADDRESS_KNOWN -> toolbox.hasNonNull("ipv4") || inTimeline(toolbox);
      case AGENT_JOINED -> inTimeline(toolbox);
      case HEALTHY -> Set.of("active", "unresponsive").contains(toolbox.path("status").asText());
    };
  }

  private boolean inTimeline(JsonNode toolbox) {
    return entries(toolbox).findAny().isPresent();
  }

  private Optional<String> timelineDetail(JsonNode toolbox) {
    return entries(toolbox).map(entry -> entry.path("detail").asText("")).findFirst();
  }

  private Stream<JsonNode> entries(JsonNode toolbox) {
    return StreamSupport.stream(toolbox.path("timeline").spliterator(), false)
        .filter(entry -> stage.equals(entry.path("stage").asText()));
  }
}
