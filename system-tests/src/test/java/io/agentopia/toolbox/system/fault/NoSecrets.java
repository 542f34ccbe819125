package io.agentopia.toolbox.system.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;

/**
 * Looks for every key of the stack, and for whatever is shaped like a join token, where secrets
 * must never be: logs, topics (headers too), process arguments.
 */
final class NoSecrets {
  private static final Pattern JOIN_TOKEN = Pattern.compile("tbj_[A-Za-z0-9_-]{20,}");

  private NoSecrets() {}

  static void anywhere(FaultPlatform platform) throws IOException {
    var secrets = new ArrayList<>(secrets(platform.directory("secrets.properties")));
    secrets.addAll(keys(platform.directory("keys.json")));
    assertThat(secrets).hasSizeGreaterThan(4).allMatch(s -> s.length() > 15);
    var found = new ArrayList<String>();
    try (var logs = Files.walk(platform.directory("logs"))) {
      logs.filter(Files::isRegularFile).forEach(f -> look(found, secrets, f.toString(), read(f)));
    }
    for (var record : platform.bus().read(topic -> !topic.startsWith("__"))) {
      var headers = new StringBuilder();
      record
          .headers()
          .forEach(h -> headers.append(new String(h.value(), StandardCharsets.UTF_8)).append('\n'));
      look(found, secrets, "record " + record.topic() + "/" + record.offset(), headers.toString());
      look(
          found,
          secrets,
          "record " + record.topic() + "/" + record.offset(),
          new String(record.value(), StandardCharsets.UTF_8));
    }
    ProcessHandle.allProcesses()
        .map(p -> p.info().commandLine().orElse(""))
        .filter(line -> line.contains(platform.root().toAbsolutePath().normalize().toString()))
        .forEach(line -> look(found, secrets, "process " + line, line));
    assertThat(found).as("secrets where none must be").isEmpty();
  }

  private static void look(List<String> found, List<String> secrets, String where, String text) {
    if (secrets.stream().anyMatch(text::contains) || JOIN_TOKEN.matcher(text).find()) {
      found.add(where);
    }
  }

  private static List<String> secrets(Path file) throws IOException {
    var properties = new Properties();
    try (var in = Files.newBufferedReader(file)) {
      properties.load(in);
    }
    return properties.values().stream().map(Object::toString).toList();
  }

  private static List<String> keys(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile()).findValuesAsText("secret");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
