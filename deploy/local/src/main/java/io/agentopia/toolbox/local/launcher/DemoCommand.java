package io.agentopia.toolbox.local.launcher;

import io.agentopia.toolbox.local.Components;
import io.agentopia.toolbox.local.StackState;
import io.agentopia.toolbox.local.demo.Demo;
import io.agentopia.toolbox.local.demo.StepFailed;
import io.agentopia.toolbox.local.droplets.DropletImages;
import io.agentopia.toolbox.local.droplets.DropletNetwork;
import io.agentopia.toolbox.local.droplets.Droplets;
import io.agentopia.toolbox.local.droplets.Registry;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "demo",
    description =
        "Starts everything if nothing runs, and takes a toolbox from request to running tool.")
final class DemoCommand extends LocalCommand {
  @Option(names = "--delete", description = "Then delete it and show that no droplet is left.")
  private boolean delete;

  @Option(
      names = "--image",
      paramLabel = "IMAGE",
      description = "The tool's image; it needs perl (default: debian:bookworm-slim).")
  private String image;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The toolbox's name (default: a new one).")
  private String name;

  private DetachedSupervisor supervisor;
  private volatile Demo demo;

  @Override
  public Integer call() throws InterruptedException {
    var begin = Instant.now();
    var code = 0;
    try (var _ = new OnInterrupt(screen, this::takeBack)) {
      var state = place.running().orElseGet(this::started);
      code = tell(state);
      screen.line("With starting everything:" + since(begin) + ".");
    }
    Archiving.beginIfNeeded(place, screen);
    return code;
  }

  private StackState started() {
    var begin = Instant.now();
    screen.line("Starting. Data, logs and keys are in " + place.dir());
    supervisor = DetachedSupervisor.start(place);
    var state = supervisor.awaitReady(new Progress(screen));
    screen.line(screen.bold("Everything is ready after" + since(begin) + "."));
    return state;
  }

  private int tell(StackState state) throws InterruptedException {
    if (image == null) {
      image = usualImage(state);
    }
    demo =
        new Demo(
            state.url(Components.GATEWAY),
            place.secret("user.api.key"),
            state.url(Components.SIMULATOR),
            place.secret("digitalocean.token"),
            this::show);
    screen.line("");
    screen.line(screen.bold("From request to running tool") + " " + DockerEngine.sentence());
    try {
      var result = story();
      screen.line("");
      screen.lines(Addresses.of(place, state));
      screen.line("It stays running: ./toolbox status shows it, ./toolbox down stops it.");
      screen.line(screen.bold("Request to running tool:" + Progress.seconds(result.time()) + "."));
      return 0;
    } catch (StepFailed e) {
      screen.failure(e.getMessage());
      screen.line("  log:           %s/%s.log".formatted(place.logs(), e.logOf()));
      screen.line("  page:          %s/ui".formatted(state.url(Components.GATEWAY)));
      return 1;
    }
  }

  /** Container droplets have no registry in reach but the stack's own. */
  private String usualImage(StackState state) {
    return place.options().droplets() == Droplets.CONTAINER
        ? new DropletNetwork(place.dir(), state.ports())
            .image(Registry.HUB, DropletImages.TOOL_ON_HUB)
        : DropletImages.TOOL;
  }

  private void show(Duration time, String title, String detail) {
    var line = "  %s  %-18s %s".formatted(Progress.seconds(time), title, detail);
    screen.line(line.stripTrailing());
  }

  private Demo.Result story() throws InterruptedException {
    var result = demo.run(name == null ? newName() : name, image);
    screen.line("");
    screen.line("The agent's GET /status:");
    screen.lines(demo.agentStatus().indent(2).stripTrailing());
    if (delete) {
      screen.line("");
      demo.delete();
    }
    return result;
  }

  /** The toolbox that was asked for, and the stack if it was started for this. */
  private void takeBack() {
    try {
      if (demo != null && demo.abandon()) {
        screen.line("The toolbox is being deleted.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      screen.line("The toolbox could not be deleted: " + e.getMessage());
    }
    if (supervisor != null) {
      supervisor.stop(screen);
      screen.line("Stopped; nothing is left running.");
    }
  }

  private static String since(Instant begin) {
    return Progress.seconds(Duration.between(begin, Instant.now()));
  }

  private static String newName() {
    var bytes = new byte[3];
    ThreadLocalRandom.current().nextBytes(bytes);
    return "demo-" + HexFormat.of().formatHex(bytes);
  }
}
