package io.agentopia.toolbox.local;

import io.agentopia.toolbox.local.keys.PrivateFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The keys of one stack, made at its first start and kept in a file that only its owner can read.
 * They reach processes by environment, never by command line.
 */
public final class Secrets {
  static final String USER_API_KEY = "user.api.key";
  static final String OPERATOR_API_KEY = "operator.api.key";
  static final String INTERNAL_API_KEY = "internal.api.key";

  /** In files that are older than the key ring; its first keys are made of them. */
  static final String BACKEND_TO_DTMA_API_KEY = "backend.to.dtma.api.key";

  static final String AGENT_TOKEN_SECRET = "agent.token.secret";
  static final String SESSION_SECRET = "session.secret";
  static final String DIGITALOCEAN_TOKEN = "digitalocean.token";

  /** Name of each secret, and the prefix that tells people what it is. */
  private static final Map<String, String> KINDS =
      Map.of(
          USER_API_KEY, "tbx_",
          OPERATOR_API_KEY, "tbx_",
          INTERNAL_API_KEY, "",
          SESSION_SECRET, "",
          DIGITALOCEAN_TOKEN, "sim_");

  private final Map<String, String> values;

  private Secrets(Map<String, String> values) {
    this.values = values;
  }

  /** Reads the file, makes what is missing in it, and writes it back if that was anything. */
  static Secrets loadOrCreate(Path file) {
    try {
      var values = Files.exists(file) ? read(file) : new TreeMap<String, String>();
      var complete = values.keySet().containsAll(KINDS.keySet());
      KINDS.forEach((name, prefix) -> values.computeIfAbsent(name, n -> make(prefix)));
      if (!complete) {
        write(file, values);
      }
      return new Secrets(values);
    } catch (IOException e) {
      throw new UncheckedIOException("reading or writing the keys in " + file + " failed", e);
    }
  }

  public String get(String name) {
    return values.get(name);
  }

  private static TreeMap<String, String> read(Path file) throws IOException {
    var properties = new Properties();
    try (var in = Files.newInputStream(file)) {
      properties.load(in);
    }
    var values = new TreeMap<String, String>();
    properties.forEach((name, value) -> values.put(name.toString(), value.toString()));
    return values;
  }

  private static void write(Path file, Map<String, String> values) throws IOException {
    var text =
        values.entrySet().stream()
            .map(e -> e.getKey() + "=" + e.getValue() + "\n")
            .collect(Collectors.joining("", "# Keys of this local stack.\n", ""));
    PrivateFile.write(file, text);
  }

  private static String make(String prefix) {
    return io.agentopia.toolbox.runtime.security.Secrets.random(prefix);
  }
}
