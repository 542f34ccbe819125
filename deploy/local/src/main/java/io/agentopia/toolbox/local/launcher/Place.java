package io.agentopia.toolbox.local.launcher;

import io.agentopia.toolbox.local.StackOptions;
import io.agentopia.toolbox.local.StackState;
import io.agentopia.toolbox.local.droplets.Droplets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/** Where the checkout and the stack's data are, and what is known of the stack there. */
record Place(StackOptions options) {
  static Place of(Path home) {
    return new Place(StackOptions.usual(home));
  }

  /** With droplets of another kind than the usual; null: with the usual. */
  Place withDroplets(Droplets kind) {
    return kind == null ? this : new Place(options.withDroplets(kind));
  }

  Path dir() {
    return options.dir();
  }

  Path keys() {
    return options.keysFile();
  }

  Path logs() {
    return dir().resolve("logs");
  }

  /** Data and logs of the stack that records what the services load. */
  Path recording() {
    return dir().resolve("recording");
  }

  /** The state of the stack that runs now; empty when none does. */
  Optional<StackState> running() {
    return StackState.read(options.stateFile()).filter(s -> s.supervisor().isPresent());
  }

  StackState required() {
    return running()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "nothing is running; ./toolbox up --detach starts everything"));
  }

  /** A key out of the stack's secrets. */
  String secret(String name) {
    var file = dir().resolve("secrets.properties");
    var properties = new Properties();
    try (var in = Files.newInputStream(file)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("reading the keys in " + file + " failed", e);
    }
    return properties.getProperty(name);
  }
}
