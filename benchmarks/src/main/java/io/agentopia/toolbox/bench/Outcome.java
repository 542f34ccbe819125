package io.agentopia.toolbox.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.agentopia.toolbox.bench.measure.Figures;
import io.agentopia.toolbox.bench.measure.Spread;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a call came to: every run, and the table of medians with the ratios to the other revision.
 */
record Outcome(
    String what,
    String at,
    String machine,
    Map<String, String> settings,
    Map<String, String> revisions,
    Map<String, Double> surroundings,
    Map<String, List<Map<String, Double>>> runs) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  @JsonProperty
  Map<String, Map<String, Spread>> summary() {
    var all = new LinkedHashMap<String, Map<String, Spread>>();
    runs.forEach((subject, list) -> all.put(subject, Figures.summary(figures(list))));
    return all;
  }

  private static List<Figures> figures(List<Map<String, Double>> runs) {
    return runs.stream()
        .map(
            run -> {
              var figures = new Figures();
              run.forEach(figures::put);
              return figures;
            })
        .toList();
  }

  /** A row for each figure; behind the subjects the first one's median divided by each other's. */
  String table() {
    var summary = summary();
    var subjects = List.copyOf(summary.keySet());
    var first = subjects.getFirst();
    var others = subjects.subList(1, subjects.size());
    var head = new ArrayList<String>(List.of("figure"));
    head.addAll(subjects);
    others.forEach(other -> head.add(first + " / " + other));
    var text = new StringBuilder(row(head)).append("|---".repeat(head.size())).append("|\n");
    for (var name : names(summary)) {
      var cells = new ArrayList<String>(List.of(name));
      subjects.forEach(s -> cells.add(cell(summary.get(s).get(name))));
      others.forEach(o -> cells.add(ratio(summary.get(first).get(name), summary.get(o).get(name))));
      text.append(row(cells));
    }
    return text.toString();
  }

  private static String row(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }

  private static List<String> names(Map<String, Map<String, Spread>> summary) {
    return summary.values().stream().flatMap(s -> s.keySet().stream()).distinct().toList();
  }

  private static String cell(Spread spread) {
    if (spread == null) {
      return "";
    }
    return spread.count() == 1
        ? shown(spread.median())
        : shown(spread.median())
            + " ("
            + shown(spread.least())
            + " to "
            + shown(spread.most())
            + ")";
  }

  private static String ratio(Spread ours, Spread other) {
    return ours == null || other == null || other.median() == 0
        ? ""
        : shown(ours.median() / other.median());
  }

  /** Three digits that count. */
  private static String shown(double value) {
    var size = Math.abs(value);
    var format = size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
    return String.format(Locale.ROOT, format, value);
  }

  void write(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, JSON.writeValueAsString(this) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + file + " failed", e);
    }
  }
}
