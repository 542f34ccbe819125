package io.agentopia.toolbox.local.launcher;

import io.agentopia.toolbox.local.keys.KeysFile;
import io.agentopia.toolbox.local.keys.Rotation;
import io.agentopia.toolbox.runtime.security.KeyRing.Key;
import io.agentopia.toolbox.runtime.security.KeyRingFile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The keys with which agents are known and called. Secrets are never shown. */
@Command(name = "keys", description = "Makes, rotates or lists the keys of agents and services.")
final class KeysCommand extends LocalCommand {
  enum Action {
    generate,
    rotate,
    list
  }

  @Parameters(paramLabel = "ACTION", description = "${COMPLETION-CANDIDATES}")
  private Action action;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "The key ring; usually the local stack's.")
  private Path file;

  @Option(names = "--only", paramLabel = "PURPOSE", description = "agent-token or backend-to-dtma")
  private String only;

  @Option(
      names = "--lead",
      defaultValue = "60s",
      paramLabel = "TIME",
      description = "Until the new key is used: all services have read it by then.")
  private String lead;

  @Option(
      names = "--overlap",
      defaultValue = "7d",
      paramLabel = "TIME",
      description = "From then on the old keys are accepted for so long.")
  private String overlap;

  @Override
  public Integer call() {
    var keys = new KeysFile(file == null ? place.keys() : file);
    return switch (action) {
      case generate -> generate(keys);
      case rotate -> rotate(keys);
      case list -> list(keys);
    };
  }

  /** A platform that ran with keys in its environment goes on with them. */
  private int generate(KeysFile keys) {
    if (keys.exists()) {
      screen.failure(
          "there is a key ring at " + keys.path() + " already; rotate makes new keys in it");
      return 1;
    }
    var given = new HashMap<String, String>();
    given.put(KeyRingFile.AGENT_TOKEN, System.getenv("AGENT_TOKEN_SECRET"));
    given.put(KeyRingFile.BACKEND_TO_DTMA, System.getenv("BACKEND_TO_DTMA_API_KEY"));
    keys.generate(given);
    screen.line("The key ring is in " + keys.path() + "; services read it by TOOLBOX_KEYS_FILE.");
    return list(keys);
  }

  private int rotate(KeysFile keys) {
    if (only != null && !KeyRingFile.PURPOSES.contains(only)) {
      screen.failure("there is no \"" + only + "\"; there are " + KeyRingFile.PURPOSES);
      return 2;
    }
    var rotation = new Rotation(duration(lead), duration(overlap));
    keys.rotate(only == null ? KeyRingFile.PURPOSES : List.of(only), rotation, Instant.now());
    return list(keys);
  }

  private int list(KeysFile keys) {
    var rings = keys.read();
    for (var purpose : KeyRingFile.PURPOSES) {
      rings.ring(purpose).forEach(key -> screen.line(line(purpose, key)));
    }
    return 0;
  }

  private static String line(String purpose, Key key) {
    return "%-16s %s  used from %s, accepted until %s"
        .formatted(
            purpose,
            key.id(),
            key.notBefore() == null ? "the beginning" : key.notBefore(),
            key.notAfter() == null ? "it is rotated out" : key.notAfter());
  }

  /** 90s, 15m, 24h or 7d. */
  static Duration duration(String text) {
    if (!text.matches("\\d{1,6}[smhd]")) {
      throw new IllegalArgumentException("\"" + text + "\" is no time such as 60s, 15m, 24h or 7d");
    }
    var number = Long.parseLong(text.substring(0, text.length() - 1));
    return switch (text.charAt(text.length() - 1)) {
      case 's' -> Duration.ofSeconds(number);
      case 'm' -> Duration.ofMinutes(number);
      case 'h' -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }
}
