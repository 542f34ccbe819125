package io.agentopia.toolbox.local.images;

import io.agentopia.toolbox.local.Service;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** An image this repository makes: one module's program, and how it is run. */
public record Image(String name, String module, Kind kind, String title) {
  /** What the images of a kind have in common; {@code modules} are those of the linked runtime. */
  public enum Kind {
    /** On every droplet, so as small as it runs: what the class files name, tried by running it. */
    AGENT(
        "dtma",
        "dtma-agent/src/main/jvm/jvm.options",
        List.of(
            "java.base",
            "java.logging",
            "java.management",
            "java.naming",
            "java.net.http",
            "java.security.jgss",
            "java.sql",
            "java.xml",
            "jdk.unsupported",
            "jdk.zipfs")),
    /** Few and large machines: all of Java SE, so that nothing found by reflection is missing. */
    SERVICE(
        "service",
        "deploy/images/service/service.options",
        List.of(
            "java.se",
            "jdk.jfr",
            "jdk.management",
            "jdk.net",
            "jdk.security.auth",
            "jdk.unsupported",
            "jdk.zipfs"));

    private final String directory;
    private final String options;
    private final List<String> modules;

    Kind(String directory, String options, List<String> modules) {
      this.directory = directory;
      this.options = options;
      this.modules = modules;
    }

    /** Under deploy/images: where the Dockerfile is. */
    public String directory() {
      return directory;
    }

    /** The flags of the JVM, from the root of the repository. */
    public String options() {
      return options;
    }

    public List<String> modules() {
      return modules;
    }
  }

  public static final List<Image> ALL =
      Stream.concat(
              Stream.of(
                  new Image("dtma", Service.AGENT, Kind.AGENT, "Droplet Tool Management Agent")),
              Arrays.stream(Service.values())
                  .map(s -> new Image(s.module(), s.module(), Kind.SERVICE, s.title())))
          .toList();

  /** One by its name, or {@code all}. */
  public static List<Image> named(String name) {
    if (name.equals("all")) {
      return ALL;
    }
    var found = ALL.stream().filter(i -> i.name().equals(name)).toList();
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no image \"%s\"; there are all, %s"
              .formatted(name, String.join(", ", ALL.stream().map(Image::name).toList())));
    }
    return found;
  }

  /** Where the engine of this machine keeps it under a tag. */
  public String local(String tag) {
    return "agentopia/" + name + ":" + tag;
  }
}
