package io.agentopia.toolbox.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What may be asked for, the same at the edge and in the services, because requests also come from
 * outside gateways.
 */
public final class Rules {
  public static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");
  public static final Pattern TOOL_NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?");
  public static final Pattern ACCOUNT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}");
  public static final Pattern SLUG = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final Pattern IMAGE =
      Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._:/-]*(@sha256:[a-f0-9]{64})?");
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
  private static final int AGENT_PORT = 30000;
  private static final ObjectMapper JSON = EventCodec.mapper();

  /** Bytes of a tool's specification as JSON. */
  public static final int LARGEST_SPECIFICATION = 32 * 1024;

  /** Tools of one toolbox; the manifest of so many fits into what an agent reads, 2 MiB. */
  public static final int MOST_TOOLS = 50;

  /** A field that is wrong, and how. */
  public record Violation(String field, String message) {
    /**
     * @param limit what is right, as a sentence without its subject
     * @param found the value as it came; not of an environment, a secret or a key
     */
    public static Violation of(String field, String limit, @Nullable Object found) {
      return new Violation(field, limit + "; found " + Shown.of(found));
    }
  }

  private Rules() {}

  public static List<Violation> toolbox(
      @Nullable String name, @Nullable String region, @Nullable String size) {
    var found = new ArrayList<Violation>();
    matches(
        found,
        "name",
        name,
        NAME,
        "1 to 63 letters, digits, '.', '_' or '-', with a letter or digit at both ends");
    matches(found, "region", region, SLUG, "a region slug, for example nyc3");
    matches(found, "size", size, SLUG, "a size slug, for example s-1vcpu-1gb");
    return found;
  }

  public static List<Violation> account(@Nullable String accountId) {
    var found = new ArrayList<Violation>();
    matches(
        found, "accountId", accountId, ACCOUNT, "1 to 64 letters, digits, '_', '.', ':' or '-'");
    return found;
  }

  public static List<Violation> tool(@Nullable String name, ToolSpec spec) {
    var found = new ArrayList<Violation>();
    matches(
        found,
        "name",
        name,
        TOOL_NAME,
        "1 to 40 lower-case letters, digits or '-', with a letter or digit at both ends");
    matches(
        found,
        "image",
        spec.image(),
        IMAGE,
        "an image reference, for example docker.io/library/nginx:1.29");
    longerThan(found, "image", spec.image(), 255);
    command(found, spec);
    environment(found, spec);
    ports(found, spec);
    between(found, "memoryMb", spec.memoryMb(), 16, 65536);
    between(found, "cpus", spec.cpus(), 0.05, 64);
    specification(found, spec);
    return found;
  }

  /** As JSON, as it stands in the manifest: {@link #MOST_TOOLS} of them are what an agent reads. */
  private static void specification(List<Violation> found, ToolSpec spec) {
    var bytes = jsonBytes(spec);
    if (bytes > LARGEST_SPECIFICATION) {
      var field = jsonBytes(spec.environment()) > bytes / 2 ? "environment" : "command";
      found.add(
          new Violation(
              field,
              "makes a specification of %d bytes; at most %d are allowed"
                  .formatted(bytes, LARGEST_SPECIFICATION)));
    }
  }

  private static int jsonBytes(Object value) {
    try {
      return JSON.writeValueAsBytes(value).length;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a specification cannot be written as JSON", e);
    }
  }

  private static void command(List<Violation> found, ToolSpec spec) {
    atMost(found, "command", spec.command().size(), 64, "arguments");
    for (var argument : spec.command()) {
      longerThan(found, "command", argument, 4096);
      readable(found, "command", argument);
    }
  }

  /** No value is shown, nor what is no name: either may be what nobody else should read. */
  private static void environment(List<Violation> found, ToolSpec spec) {
    atMost(found, "environment", spec.environment().size(), 64, "variables");
    spec.environment()
        .forEach(
            (key, value) -> {
              if (!isVariable(key)) {
                found.add(
                    new Violation(
                        "environment",
                        "must have variable names of 1 to 128 letters, digits and '_', no digit first"));
              }
              var field = variable("environment", key);
              longerThan(found, field, value, 4096);
              readable(found, field, value);
            });
  }

  public static boolean isVariable(String name) {
    return VARIABLE.matcher(name).matches();
  }

  /** The path of a variable; of what is no name only where it stands. */
  static String variable(String field, @Nullable String name) {
    return name != null && isVariable(name) ? field + "." + Shown.name(name) : field;
  }

  private static void ports(List<Violation> found, ToolSpec spec) {
    atMost(found, "ports", spec.ports().size(), 16, "ports");
    var taken = new HashSet<String>();
    for (var port : spec.ports()) {
      between(found, "ports.containerPort", port.containerPort(), 1, 65535);
      if (!port.protocol().equals("tcp") && !port.protocol().equals("udp")) {
        found.add(Violation.of("ports.protocol", "must be tcp or udp", port.protocol()));
      }
      if (port.hostPort() != null) {
        hostPort(found, "ports.hostPort", port.hostPort());
        if (!taken.add(port.onHost())) {
          found.add(
              new Violation(
                  "ports.hostPort", "must be taken once; found " + port.onHost() + " again"));
        }
      }
    }
  }

  private static void hostPort(List<Violation> found, String field, int port) {
    between(found, field, port, 1024, 65535);
    if (port == AGENT_PORT) {
      found.add(new Violation(field, "must not be 30000, which is the agent's own port"));
    }
  }

  /**
   * What a droplet cannot give to one tool.
   *
   * @param sizeSlug the size ordered, for the message
   * @param sizeMemoryMb MiB
   * @param sizeVcpus cores
   */
  public static List<Violation> fits(
      ToolSpec spec, String sizeSlug, int sizeMemoryMb, int sizeVcpus) {
    var found = new ArrayList<Violation>();
    if (spec.memoryMb() > sizeMemoryMb) {
      found.add(
          Violation.of(
              "memoryMb",
              "must be at most %d, all that size %s has".formatted(sizeMemoryMb, sizeSlug),
              spec.memoryMb()));
    }
    if (spec.cpus() > sizeVcpus) {
      found.add(
          Violation.of(
              "cpus",
              "must be at most %d, all that size %s has".formatted(sizeVcpus, sizeSlug),
              spec.cpus()));
    }
    return found;
  }

  private static void matches(
      List<Violation> found,
      String field,
      @Nullable String value,
      Pattern pattern,
      String expected) {
    if (value == null || value.isBlank()) {
      found.add(new Violation(field, "is missing; expected " + expected));
    } else if (!pattern.matcher(value).matches()) {
      found.add(Violation.of(field, "must be " + expected, value));
    }
  }

  private static void readable(List<Violation> found, String field, String text) {
    var wrong = Characters.wrongInText(text);
    if (wrong != null) {
      found.add(new Violation(field, wrong));
    }
  }

  private static void longerThan(
      List<Violation> found, String field, @Nullable String value, int limit) {
    if (value != null && value.length() > limit) {
      found.add(
          new Violation(
              field, "has " + value.length() + " characters; at most " + limit + " are allowed"));
    }
  }

  private static void atMost(
      List<Violation> found, String field, int count, int limit, String what) {
    if (count > limit) {
      found.add(
          new Violation(
              field, "has " + count + " " + what + "; at most " + limit + " are allowed"));
    }
  }

  private static void between(
      List<Violation> found, String field, double value, double low, double high) {
    // So written that what is no number (NaN) is not between them either.
    if (!(value >= low && value <= high)) {
      found.add(
          new Violation(
              field,
              "must be between %s and %s; found %s"
                  .formatted(plain(low), plain(high), plain(value))));
    }
  }

  private static String plain(double number) {
    return number == Math.rint(number) && Math.abs(number) <= Long.MAX_VALUE
        ? Long.toString((long) number)
        : Double.toString(number);
  }
}
