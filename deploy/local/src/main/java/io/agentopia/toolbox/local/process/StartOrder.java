package io.agentopia.toolbox.local.process;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Who may start together. */
final class StartOrder {
  private StartOrder() {}

  /** Programs in layers: each needs only programs of the layers before its own. */
  static List<List<Program>> layers(List<Program> programs) {
    var layers = new ArrayList<List<Program>>();
    var placed = new HashSet<String>();
    var left = new ArrayList<>(programs);
    while (!left.isEmpty()) {
      var layer = left.stream().filter(p -> placed.containsAll(p.after())).toList();
      if (layer.isEmpty()) {
        throw new IllegalArgumentException(
            "these programs wait for each other, or for one that is not there: "
                + left.stream().map(p -> p.name() + " after " + p.after()).toList());
      }
      layers.add(layer);
      layer.forEach(p -> placed.add(p.name()));
      left.removeAll(layer);
    }
    return layers;
  }
}
