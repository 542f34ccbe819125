package io.agentopia.toolbox.local.launcher;

import io.agentopia.toolbox.local.footprint.Footprint;
import io.agentopia.toolbox.local.footprint.Sizes;
import io.agentopia.toolbox.local.images.DockerCli;
import io.agentopia.toolbox.local.images.Image;
import io.agentopia.toolbox.local.images.Tags;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Behind benchmarks/footprint: the agent's image beside the same agent on a whole JDK. */
@Command(name = "footprint", hidden = true, description = "Measures the agent's image.")
final class FootprintCommand extends LocalCommand {
  @Option(names = "--idle", paramLabel = "SECONDS", defaultValue = "120")
  private int idle;

  @Option(names = "--starts", paramLabel = "N", defaultValue = "5")
  private int starts;

  @Option(names = "--tools", paramLabel = "N", defaultValue = "10")
  private int tools;

  @Override
  public Integer call() throws Exception {
    var docker = new DockerCli(place.options().repository());
    var image = Image.named("dtma").getFirst().local(Tags.LATEST);
    if (!docker.has(image)) {
      throw new IllegalStateException(
          "measuring: there is no image " + image + "; ./toolbox image build makes it");
    }
    var jdk = Path.of(System.getProperty("java.home"));
    screen.line("image     " + Sizes.ofImage(docker, image));
    screen.line("layers    " + Sizes.ofLayers(place.dir().resolve("images/dtma")));
    screen.line("whole JDK " + Sizes.ofDirectory(jdk));
    var footprint = new Footprint(docker);
    screen.line(
        "%-32s %12s %12s %14s %17s"
            .formatted("", "answers", "joined", "RSS, " + idle + " s", "RSS, " + tools + " tools"));
    show("image (linked, tuned)", footprint.measure(plan(image, null)));
    show("whole JDK, no flags", footprint.measure(plan(image, jdk)));
    return 0;
  }

  private Footprint.Plan plan(String image, Path jdk) {
    return new Footprint.Plan(image, jdk, starts, Duration.ofSeconds(idle), tools);
  }

  private void show(String way, Footprint.Result result) {
    screen.line(
        "%-32s %9d ms %9d ms %11d MB %14d MB"
            .formatted(
                way,
                result.answers().toMillis(),
                result.joined().toMillis(),
                result.idleBytes() / Sizes.MEGABYTE,
                result.toolsBytes() / Sizes.MEGABYTE));
  }
}
