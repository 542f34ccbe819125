package io.agentopia.toolbox.testing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Documents that a liar sends, made from one that is in order: each of its values in turn, and each
 * place where a list or an object stands, replaced by each of what a gate must bear. As raw JSON,
 * since much of it no writer would write.
 */
public final class Hostile {
  /** In the place of any value. */
  public static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "\"\"",
          "[]",
          "{}",
          "[[[[[[]]]]]]",
          "\"a\\u0000b\"",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "\"x\\udc00y\"",
          "\"one\\r\\ntwo\\u001b[2J\"",
          "\"raw\nbreak\"",
          "\"\\u202e\\ufeff\\uffff\"",
          "\"' or 1=1 --\"",
          "\"" + "x".repeat(1 << 19) + "\"",
          "\"" + "\u20ac".repeat(60_000) + "\"",
          "NaN",
          "Infinity",
          "-Infinity",
          "-1",
          "0",
          "1e999",
          "-1e999",
          "0.1e-999",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775809",
          "2147483648",
          "1" + "0".repeat(900),
          "256.7",
          "[null]",
          "[\"\\u0000\"]",
          "[{}]",
          "[" + "{},".repeat(3000) + "{}]",
          "[" + "\"x\",".repeat(3000) + "\"x\"]");

  private Hostile() {}

  /**
   * @param sound maps, lists, texts, numbers and booleans
   */
  public static void each(Map<String, ?> sound, Consumer<String> document) {
    var places = new ArrayList<List<Object>>();
    collect(sound, List.of(), places);
    for (var place : places) {
      for (var value : VALUES) {
        document.accept(written(sound, List.of(), place, value));
      }
      document.accept(written(sound, List.of(), place, null));
    }
  }

  private static void collect(Object node, List<Object> at, List<List<Object>> places) {
    if (!at.isEmpty()) {
      places.add(at);
    }
    switch (node) {
      case Map<?, ?> map -> map.forEach((k, v) -> collect(v, with(at, k), places));
      case List<?> list -> {
        for (var i = 0; i < list.size(); i++) {
          collect(list.get(i), with(at, i), places);
        }
      }
      default -> {}
    }
  }

  private static List<Object> with(List<Object> at, Object next) {
    var longer = new ArrayList<>(at);
    longer.add(next);
    return longer;
  }

  /**
   * @param value null: the field is left out
   */
  private static String written(Object node, List<Object> at, List<Object> place, String value) {
    if (at.equals(place)) {
      return value;
    }
    return switch (node) {
      case Map<?, ?> map -> {
        var members = new LinkedHashMap<String, String>();
        map.forEach((k, v) -> members.put((String) k, written(v, with(at, k), place, value)));
        yield members.entrySet().stream()
            .filter(m -> m.getValue() != null)
            .map(m -> "\"" + m.getKey() + "\":" + m.getValue())
            .collect(java.util.stream.Collectors.joining(",", "{", "}"));
      }
      case List<?> list -> {
        var elements = new ArrayList<String>();
        for (var i = 0; i < list.size(); i++) {
          var written = written(list.get(i), with(at, i), place, value);
          if (written != null) {
            elements.add(written);
          }
        }
        yield "[" + String.join(",", elements) + "]";
      }
      case String text -> "\"" + text + "\"";
      default -> String.valueOf(node);
    };
  }

  public static Map<String, Object> soundBeat() {
    return Map.ofEntries(
        Map.entry("sequence", 42),
        Map.entry("agentVersion", "0.1.0"),
        Map.entry("bootId", "6f1c"),
        Map.entry("uptimeSeconds", 421),
        Map.entry("appliedManifestGeneration", 3),
        Map.entry("dockerReachable", true),
        Map.entry("dockerVersion", "28.2.2"),
        Map.entry(
            "metrics",
            Map.of(
                "cpuPercent",
                15.2,
                "memoryPercent",
                45.0,
                "diskPercent",
                20.1,
                "memoryTotalBytes",
                1 << 30,
                "diskTotalBytes",
                1L << 34,
                "dockerContainers",
                3)),
        Map.entry(
            "tools", List.of(Map.of("toolInstanceId", ID, "name", "search", "status", "running"))),
        Map.entry("inboundKeyIds", List.of("77d0c3e9")),
        Map.entry("agentImage", "docker.io/agentopia/dtma@sha256:" + "4a".repeat(32)),
        Map.entry(
            "upgrade",
            Map.of(
                "image", "docker.io/agentopia/dtma@sha256:" + "7c".repeat(32),
                "outcome", "failed",
                "reason", "it was not confirmed")));
  }

  public static Map<String, Object> soundReport() {
    return Map.of(
        "start",
        2,
        "number",
        7,
        "appliedManifestGeneration",
        3,
        "observedAt",
        "2026-11-23T15:00:00Z",
        "tools",
        List.of(
            Map.ofEntries(
                Map.entry("toolInstanceId", ID),
                Map.entry("name", "search"),
                Map.entry("status", "failed"),
                Map.entry("image", "docker.io/library/debian:bookworm-slim"),
                Map.entry("containerId", "4f0c".repeat(16)),
                Map.entry("startedAt", "2026-11-23T14:59:58Z"),
                Map.entry("exitCode", 1),
                Map.entry("restartCount", 3),
                Map.entry("revision", 1),
                Map.entry("restarts", 0),
                Map.entry(
                    "ports",
                    List.of(Map.of("containerPort", 8080, "hostPort", 18080, "protocol", "tcp"))),
                Map.entry("errorCode", "exited"),
                Map.entry("message", "it ended with 1"),
                Map.entry("logTail", "a line"))));
  }

  public static Map<String, Object> soundBoot() {
    return Map.of("stage", "failed", "detail", "image_pull: status 1", "logTail", "the last lines");
  }

  public static Map<String, Object> soundJoin() {
    return Map.of(
        "nonce", "b1".repeat(32),
        "agentVersion", "0.1.0",
        "hostname", "toolbox-1",
        "bootId", "6f1c",
        "agentPort", 30000);
  }

  private static final String ID = "0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";
}
