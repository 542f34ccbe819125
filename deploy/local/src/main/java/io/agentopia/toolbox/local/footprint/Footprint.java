package io.agentopia.toolbox.local.footprint;

import io.agentopia.toolbox.local.Ports;
import io.agentopia.toolbox.local.images.DockerCli;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/** Measures one way of running the agent: how soon it answers, and what it keeps in memory. */
public final class Footprint {
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final Duration LOOK = Duration.ofMillis(5);

  /** So long after the last tool runs, the garbage of starting them is gone. */
  private static final Duration SETTLED = Duration.ofSeconds(30);

  public record Plan(String image, Path jdk, int starts, Duration idle, int tools) {}

  /** Times are medians over the starts. */
  public record Result(
      Duration answers, Duration joined, long idleBytes, long toolsBytes, Duration toolsRunning) {}

  private record Times(Duration answers, Duration joined) {}

  private final DockerCli docker;

  public Footprint(DockerCli docker) {
    this.docker = docker;
  }

  public Result measure(Plan plan) throws Exception {
    var times = new ArrayList<Times>();
    for (var number = 1; number < plan.starts(); number++) {
      try (var controlPlane = new StandInControlPlane();
          var agent = start(plan, controlPlane)) {
        times.add(times(agent));
      }
    }
    try (var controlPlane = new StandInControlPlane();
        var agent = start(plan, controlPlane)) {
      times.add(times(agent));
      Thread.sleep(plan.idle());
      var idle = agent.residentBytes();
      var asked = Instant.now();
      controlPlane.wantTools(plan.tools());
      until(
          plan.tools() + " running tools",
          agent,
          () -> controlPlane.toolsRunning() == plan.tools());
      var running = Duration.between(asked, Instant.now());
      Thread.sleep(SETTLED);
      var withTools = agent.residentBytes();
      controlPlane.deleteToolbox();
      until(
          "the end of the agent", agent, () -> agent.inspect("{{.State.Status}}").equals("exited"));
      return new Result(
          median(times, i -> times.get(i).answers()),
          median(times, i -> times.get(i).joined()),
          idle,
          withTools,
          running);
    }
  }

  private AgentContainer start(Plan plan, StandInControlPlane controlPlane) {
    return AgentContainer.start(
        docker,
        new AgentContainer.Start(
            plan.image(), controlPlane.address(), Ports.anyFree(), plan.jdk()));
  }

  private Times times(AgentContainer agent) throws Exception {
    var seen = new Instant[2];
    until(
        "/health to be up",
        agent,
        () -> {
          var status = agent.health();
          if (status.isPresent() && seen[0] == null) {
            seen[0] = Instant.now();
          }
          return status.orElse(0) == 200;
        });
    seen[1] = Instant.now();
    var began = agent.startedAt();
    return new Times(Duration.between(began, seen[0]), Duration.between(began, seen[1]));
  }

  private static void until(String what, AgentContainer agent, Callable<Boolean> fact)
      throws Exception {
    LongSupplier clock = System::nanoTime;
    var deadline = clock.getAsLong() + PATIENCE.toNanos();
    while (!fact.call()) {
      if (clock.getAsLong() > deadline) {
        throw new IllegalStateException(
            "waited %d s for %s in vain; the agent's log:%n%s"
                .formatted(PATIENCE.toSeconds(), what, agent.logs()));
      }
      Thread.sleep(LOOK);
    }
  }

  private static Duration median(List<Times> times, IntFunction<Duration> value) {
    var sorted =
        java.util.stream.IntStream.range(0, times.size()).mapToObj(value).sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}
