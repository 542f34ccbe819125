package io.agentopia.toolbox.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** What a file says of how clients come to one of the embedded servers. */
final class SecurityFile {
  /** {@code scram.<user>=<password>} makes a user; the rest are the server's own settings. */
  static final String USER = "scram.";

  private SecurityFile() {}

  /**
   * @param of whose security it is, for the error
   */
  static Map<String, String> read(Path file, String of) {
    var properties = new Properties();
    try (var in = Files.newInputStream(file)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "reading the %s's security in %s failed".formatted(of, file), e);
    }
    var told = new TreeMap<String, String>();
    properties.forEach((k, v) -> told.put((String) k, (String) v));
    return told;
  }

  static boolean isSetting(String name) {
    return !name.startsWith(USER);
  }
}
