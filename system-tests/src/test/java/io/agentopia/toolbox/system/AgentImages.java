package io.agentopia.toolbox.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.local.droplets.DropletImages;
import io.agentopia.toolbox.local.droplets.Registry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Other images of the agent, in the registries that droplets pull from. */
final class AgentImages {
  private static final Pattern DIGEST = Pattern.compile("digest: (sha256:[0-9a-f]{64})");
  private final ContainerPlatform platform;

  AgentImages(ContainerPlatform platform) {
    this.platform = platform;
  }

  /**
   * The agent's image with more on top of it.
   *
   * @return its references by digest, as droplets name them, in the order in which they try them
   */
  List<String> publish(String version, String dockerfile) throws Exception {
    var local = "agentopia/dtma:" + version;
    said("FROM " + DropletImages.AGENT + "\n" + dockerfile, "build", "-t", local, "-");
    var references = new ArrayList<String>();
    for (var registry : Registry.ALL) {
      var target = "127.0.0.1:" + platform.port(registry) + "/" + registry.repository();
      said("", "tag", local, target + ":" + version);
      var digest = DIGEST.matcher(said("", "push", target + ":" + version));
      assertThat(digest.find()).as("a digest of " + target).isTrue();
      references.add(
          platform.registry(registry) + "/" + registry.repository() + "@" + digest.group(1));
      said("", "rmi", "--no-prune", target + ":" + version);
    }
    said("", "rmi", "--no-prune", local);
    return references;
  }

  private static String said(String input, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("docker"));
    command.addAll(Arrays.asList(arguments));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    }
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", command, said).isZero();
    return said;
  }
}
