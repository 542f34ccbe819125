package io.agentopia.toolbox.local.launcher;

import java.util.List;

/** Names of processes as people type them. */
final class Names {
  private Names() {}

  /** The one with that name, or the only one that begins so: {@code health} is enough. */
  static String find(String typed, List<String> names) {
    if (names.contains(typed)) {
      return typed;
    }
    var meant = names.stream().filter(n -> n.startsWith(typed) || n.endsWith("-" + typed)).toList();
    if (meant.size() != 1) {
      throw new IllegalArgumentException(
          "there is no \"%s\"; there are %s".formatted(typed, String.join(", ", names)));
    }
    return meant.getFirst();
  }
}
