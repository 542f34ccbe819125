package io.agentopia.toolbox.simulator.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.agentopia.toolbox.simulator.catalog.Catalog;
import io.agentopia.toolbox.simulator.droplet.Action;
import io.agentopia.toolbox.simulator.droplet.Droplet;

/** An action as DigitalOcean shows it; {@code completed_at} is null while it is in progress. */
@JsonNaming(SnakeCaseStrategy.class)
record ActionView(
    long id,
    String status,
    String type,
    String startedAt,
    String completedAt,
    long resourceId,
    String resourceType,
    RegionView region,
    String regionSlug) {

  static ActionView of(Droplet droplet, Action action) {
    var region = Catalog.region(droplet.spec().region()).orElseThrow();
    return new ActionView(
        action.id(),
        action.status().word(),
        action.type(),
        Times.of(action.startedAt()),
        Times.of(action.completedAt()),
        droplet.id(),
        "droplet",
        RegionView.of(region),
        region.slug());
  }
}
