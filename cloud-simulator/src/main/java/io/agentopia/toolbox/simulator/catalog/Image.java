package io.agentopia.toolbox.simulator.catalog;

import java.math.BigDecimal;
import java.util.List;

/** A public image as DigitalOcean shows it; sizes in gigabytes. */
public record Image(
    long id,
    String name,
    String distribution,
    String slug,
    List<String> regions,
    String createdAt,
    String type,
    int minDiskSize,
    BigDecimal sizeGigabytes,
    String description) {

  public boolean isApplication() {
    return type.equals("snapshot");
  }
}
