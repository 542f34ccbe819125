package io.agentopia.toolbox.bench.footprint;

import io.agentopia.toolbox.local.images.DockerCli;
import io.agentopia.toolbox.local.images.Image;
import io.agentopia.toolbox.local.images.Tags;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The agent's image beside the same agent on a whole JDK. */
@Command(
    name = "footprint",
    mixinStandardHelpOptions = true,
    description = "size, start and memory of the agent's image; needs a Docker engine")
public final class FootprintCommand implements Callable<Integer> {
  @Option(names = "--idle", paramLabel = "SECONDS", defaultValue = "120")
  private int idle;

  @Option(names = "--starts", paramLabel = "N", defaultValue = "5")
  private int starts;

  @Option(names = "--tools", paramLabel = "N", defaultValue = "10")
  private int tools;

  @Override
  public Integer call() throws Exception {
    var root = Path.of(System.getProperty("toolbox.home", ".")).toAbsolutePath().normalize();
    var docker = new DockerCli(root);
    var image = Image.named("dtma").getFirst().local(Tags.LATEST);
    if (!docker.has(image)) {
      throw new IllegalStateException(
          "measuring: there is no image " + image + "; ./toolbox image build makes it");
    }
    var jdk = Path.of(System.getProperty("java.home"));
    System.out.println("image     " + Sizes.ofImage(docker, image));
    System.out.println("layers    " + Sizes.ofLayers(root.resolve(".local/images/dtma")));
    System.out.println("whole JDK " + Sizes.ofDirectory(jdk));
    var ways =
        List.of(
            new Footprint.Way("image (linked, tuned)", image, null),
            new Footprint.Way("whole JDK, no flags", image, jdk));
    var plan = new Footprint.Plan(ways, starts, Duration.ofSeconds(idle), tools);
    var footprint = new Footprint(docker);
    show(plan, footprint.starts(plan), footprint.memory(plan));
    return 0;
  }

  private void show(
      Footprint.Plan plan, List<Footprint.Start> starts, List<Footprint.Memory> memory) {
    System.out.println(
        "load of the machine: %.1f on %d processors"
            .formatted(
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                Runtime.getRuntime().availableProcessors()));
    System.out.println(
        "%-22s %10s %10s %10s %12s %14s"
            .formatted(
                "",
                "answers",
                "joined",
                "CPU time",
                "RSS " + idle + " s",
                "RSS " + tools + " tools"));
    for (var way = 0; way < starts.size(); way++) {
      var start = starts.get(way);
      System.out.println(
          "%-22s %7d ms %7d ms %7d ms %9d MB %11d MB"
              .formatted(
                  plan.ways().get(way).name(),
                  start.answers().toMillis(),
                  start.joined().toMillis(),
                  start.processor().toMillis(),
                  memory.get(way).idleBytes() / Sizes.MEGABYTE,
                  memory.get(way).toolsBytes() / Sizes.MEGABYTE));
    }
  }
}
