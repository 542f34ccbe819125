package io.agentopia.toolbox.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;

/** Secrets that are known to the test, looked for wherever none of them must be. */
public final class Canaries {
  private static final Pattern JOIN_TOKEN = Pattern.compile("tbj_[A-Za-z0-9_-]{20,}");
  private final Set<String> secrets = new HashSet<>();
  private final List<String> found = new ArrayList<>();
  private boolean joinTokensToo;

  /** Every key of the stack in that directory. */
  public static Canaries of(Path stack) throws IOException {
    var canaries = new Canaries();
    canaries.add(values(stack.resolve("secrets.properties")));
    canaries.add(
        new ObjectMapper()
            .readTree(stack.resolve("keys.json").toFile())
            .findValuesAsText("secret"));
    assertThat(canaries.secrets).hasSizeGreaterThan(4);
    return canaries;
  }

  /** Whatever is shaped like one; a droplet's own user-data holds one that is used up. */
  public Canaries andJoinTokens() {
    joinTokensToo = true;
    return this;
  }

  public void add(Collection<String> more) {
    assertThat(more).isNotEmpty().allMatch(secret -> secret.length() > 15);
    secrets.addAll(more);
  }

  public void lookAt(String where, String text) {
    if (secrets.stream().anyMatch(text::contains)
        || joinTokensToo && JOIN_TOKEN.matcher(text).find()) {
      found.add(where);
    }
  }

  public void lookAtFiles(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      files.filter(Files::isRegularFile).forEach(f -> lookAt(f.toString(), read(f)));
    }
  }

  public void lookAtProcesses(String part) {
    ProcessHandle.allProcesses()
        .map(p -> p.info().commandLine().orElse(""))
        .filter(line -> line.contains(part))
        .forEach(line -> lookAt("process " + line, line));
  }

  public void areNowhere() {
    assertThat(found).as("secrets where none must be").isEmpty();
  }

  private static Collection<String> values(Path file) throws IOException {
    var properties = new Properties();
    try (var in = Files.newBufferedReader(file)) {
      properties.load(in);
    }
    return properties.values().stream().map(Object::toString).toList();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
