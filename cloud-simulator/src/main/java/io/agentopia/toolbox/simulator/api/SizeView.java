package io.agentopia.toolbox.simulator.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.agentopia.toolbox.simulator.catalog.Size;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

@JsonNaming(SnakeCaseStrategy.class)
record SizeView(
    String slug,
    int memory,
    int vcpus,
    int disk,
    BigDecimal transfer,
    BigDecimal priceMonthly,
    BigDecimal priceHourly,
    List<String> regions,
    boolean available,
    String description,
    List<Map<String, Object>> diskInfo) {

  static SizeView of(Size size) {
    return new SizeView(
        size.slug(),
        size.memory(),
        size.vcpus(),
        size.disk(),
        size.transfer(),
        size.priceMonthly(),
        size.priceHourly(),
        size.regions(),
        size.available(),
        size.description(),
        diskInfo(size.disk()));
  }

  static List<Map<String, Object>> diskInfo(int gigabytes) {
    return List.of(Map.of("type", "local", "size", Map.of("amount", gigabytes, "unit", "gib")));
  }
}
