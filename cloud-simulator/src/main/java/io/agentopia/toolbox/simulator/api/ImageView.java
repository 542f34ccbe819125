package io.agentopia.toolbox.simulator.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.agentopia.toolbox.simulator.catalog.Image;
import java.math.BigDecimal;
import java.util.List;

@JsonNaming(SnakeCaseStrategy.class)
record ImageView(
    long id,
    String name,
    String distribution,
    String slug,
    @JsonProperty("public") boolean isPublic,
    List<String> regions,
    String createdAt,
    int minDiskSize,
    String type,
    BigDecimal sizeGigabytes,
    String description,
    List<String> tags,
    String status) {

  static ImageView of(Image image) {
    return new ImageView(
        image.id(),
        image.name(),
        image.distribution(),
        image.slug(),
        true,
        image.regions(),
        image.createdAt(),
        image.minDiskSize(),
        image.type(),
        image.sizeGigabytes(),
        image.description(),
        List.of(),
        "available");
  }
}
