package io.agentopia.toolbox.simulator.api;

import io.agentopia.toolbox.simulator.catalog.Region;
import java.util.List;

record RegionView(
    String name, String slug, List<String> features, boolean available, List<String> sizes) {

  static RegionView of(Region region) {
    return new RegionView(
        region.name(), region.slug(), region.features(), region.available(), region.sizes());
  }
}
