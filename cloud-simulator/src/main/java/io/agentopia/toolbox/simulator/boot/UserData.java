package io.agentopia.toolbox.simulator.boot;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads a droplet's user-data as far as the simulated machine carries it out: the agent's
 * environment and its images. As with cloud-init, what cannot be read runs nothing and is no error.
 */
public sealed interface UserData {
  String ENVIRONMENT_FILE = "/etc/agentopia/dtma.env";
  String JOIN_FILE = "/etc/agentopia/join.env";
  String IMAGES_FILE = "/etc/agentopia/images";

  /** The agent is started with this environment. */
  record StartsAgent(Map<String, String> environment, List<String> images) implements UserData {
    @Override
    public String toString() {
      return "StartsAgent[" + environment.keySet() + "]"; // the values hold the join token
    }
  }

  record StartsNothing(String reason) implements UserData {}

  static UserData read(String text) {
    if (text == null || text.isBlank()) {
      return new StartsNothing("there is no user-data");
    }
    if (!text.startsWith("#cloud-config")) {
      return new StartsNothing("the user-data does not begin with #cloud-config");
    }
    try {
      return read(new Yaml(new SafeConstructor(new LoaderOptions())).<Object>load(text));
    } catch (YAMLException e) {
      // The message quotes the text, which holds the join token.
      return new StartsNothing("the user-data is not readable YAML");
    }
  }

  private static UserData read(Object document) {
    var files = files(document);
    var environment = files.get(ENVIRONMENT_FILE);
    if (environment == null) {
      return new StartsNothing("write_files has no entry with path " + ENVIRONMENT_FILE);
    }
    var images =
        files.getOrDefault(IMAGES_FILE, "").lines().map(String::strip).filter(l -> !l.isEmpty());
    var both = environment + "\n" + files.getOrDefault(JOIN_FILE, "");
    return new StartsAgent(variables(both), images.toList());
  }

  private static Map<String, String> files(Object document) {
    var found = new LinkedHashMap<String, String>();
    if (document instanceof Map<?, ?> root && root.get("write_files") instanceof List<?> entries) {
      for (var entry : entries) {
        if (entry instanceof Map<?, ?> file && file.get("path") != null) {
          var content = file.get("content");
          found.put(file.get("path").toString(), content == null ? "" : content.toString());
        }
      }
    }
    return found;
  }

  /** As a systemd EnvironmentFile and the shell read it alike. */
  private static Map<String, String> variables(String text) {
    var found = new LinkedHashMap<String, String>();
    for (var line : text.lines().map(String::strip).toList()) {
      var equals = line.indexOf('=');
      if (equals > 0 && !line.startsWith("#")) {
        found.put(line.substring(0, equals).strip(), unquoted(line.substring(equals + 1).strip()));
      }
    }
    return found;
  }

  private static String unquoted(String value) {
    var quoted =
        value.length() >= 2
            && (value.charAt(0) == '"' || value.charAt(0) == '\'')
            && value.charAt(0) == value.charAt(value.length() - 1);
    return quoted ? value.substring(1, value.length() - 1) : value;
  }
}
