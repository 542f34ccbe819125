package io.agentopia.toolbox.simulator.droplet;

import java.util.List;

/** What a fact did. A refusal is a value: it becomes an answer with DigitalOcean's own sentence. */
public sealed interface Outcome {
  record Changed(Droplet droplet, List<Effect> effects) implements Outcome {}

  record Unchanged() implements Outcome {}

  record Refused(String message) implements Outcome {}

  static Outcome changed(Droplet droplet, Effect... effects) {
    return new Changed(droplet, List.of(effects));
  }
}
