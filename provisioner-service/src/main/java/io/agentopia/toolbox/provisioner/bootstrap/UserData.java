package io.agentopia.toolbox.provisioner.bootstrap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A droplet's user-data, made of the template {@code cloud-init/user-data.yaml}. Plain text:
 * DigitalOcean decodes nothing.
 */
public final class UserData {
  /** DigitalOcean's limit, bytes. */
  public static final int LARGEST = 64 * 1024;

  private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9._:/@,-]+");
  private static final String TEMPLATE = template();

  private UserData() {}

  /**
   * What is alike on all droplets.
   *
   * @param backendUrl where droplets reach the API gateway, several with commas between them
   * @param agentImages the agent's image in each registry, in the order they are tried
   * @param agentFrom addresses or networks that may reach the agent's port; none: any
   * @param sshFrom addresses or networks that may reach SSH; none: nobody
   */
  public record Settings(
      String backendUrl, List<String> agentImages, List<String> agentFrom, List<String> sshFrom) {}

  public static String render(Settings settings, String joinToken) {
    var images =
        settings.agentImages().stream()
            .map(image -> "      " + safe("image", image))
            .collect(Collectors.joining("\n"));
    var text =
        TEMPLATE
            .replace("{backendUrl}", safe("backend URL", settings.backendUrl()))
            .replace("{joinToken}", safe("join token", joinToken))
            .replace("{images}", images)
            .replace("{agentFrom}", sources(settings.agentFrom(), "any"))
            .replace("{sshFrom}", sources(settings.sshFrom(), ""));
    if (text.getBytes(StandardCharsets.UTF_8).length > LARGEST) {
      throw new IllegalStateException(
          "the user-data is larger than " + LARGEST + " bytes; shorten the image list");
    }
    return text;
  }

  private static String sources(List<String> addresses, String whenNone) {
    return addresses.isEmpty()
        ? whenNone
        : addresses.stream().map(a -> safe("address", a)).collect(Collectors.joining(" "));
  }

  /** Nothing that YAML or the shell could read as something else gets in. */
  private static String safe(String what, String value) {
    if (!SAFE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "the " + what + " has characters that cannot stand in user-data");
    }
    return value;
  }

  private static String template() {
    try (var in = UserData.class.getResourceAsStream("/cloud-init/user-data.yaml")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
