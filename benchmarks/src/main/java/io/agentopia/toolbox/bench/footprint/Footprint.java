package io.agentopia.toolbox.bench.footprint;

import io.agentopia.toolbox.embedded.Ports;
import io.agentopia.toolbox.local.images.DockerCli;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Measures ways of running the agent: how soon it answers, and what it keeps in memory. They take
 * turns in starting and are idle side by side, so that whatever else the machine does is the same
 * for all.
 */
public final class Footprint {
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final Duration LOOK = Duration.ofMillis(5);

  /** So long after the last tool runs, the garbage of starting them is gone. */
  private static final Duration SETTLED = Duration.ofSeconds(30);

  /** {@code jdk} null: as the image has it; else that JDK with no flags. */
  public record Way(String name, String image, Path jdk) {}

  public record Plan(List<Way> ways, int starts, Duration idle, int tools) {}

  /** Of one start, since the process began: /health answered, was up, and the processor's work. */
  public record Start(Duration answers, Duration joined, Duration processor) {}

  public record Memory(long idleBytes, long toolsBytes) {}

  private final DockerCli docker;

  public Footprint(DockerCli docker) {
    this.docker = docker;
  }

  /**
   * For each way the start that is in the middle by the processor's work, which load moves least.
   */
  public List<Start> starts(Plan plan) throws Exception {
    var starts = new ArrayList<List<Start>>();
    plan.ways().forEach(way -> starts.add(new ArrayList<>()));
    for (var round = 0; round < plan.starts(); round++) {
      for (var way = 0; way < starts.size(); way++) {
        try (var trial = new Trial(plan.ways().get(way))) {
          starts.get(way).add(trial.times());
        }
      }
    }
    return starts.stream().map(Footprint::middle).toList();
  }

  public List<Memory> memory(Plan plan) throws Exception {
    var trials = new ArrayList<Trial>();
    try {
      for (var way : plan.ways()) {
        var trial = new Trial(way);
        trials.add(trial);
        trial.times();
      }
      Thread.sleep(plan.idle());
      var idle = trials.stream().map(t -> t.agent.residentBytes()).toList();
      for (var trial : trials) {
        trial.controlPlane.wantTools(plan.tools());
      }
      for (var trial : trials) {
        trial.until(
            plan.tools() + " running tools",
            () -> trial.controlPlane.toolsRunning() == plan.tools());
      }
      Thread.sleep(SETTLED);
      var memory = new ArrayList<Memory>();
      for (var trial : trials) {
        memory.add(new Memory(idle.get(memory.size()), trial.agent.residentBytes()));
      }
      return memory;
    } finally {
      for (var trial : trials) {
        trial.end();
        trial.close();
      }
    }
  }

  private static Start middle(List<Start> starts) {
    var sorted = starts.stream().sorted(Comparator.comparing(Start::processor)).toList();
    return sorted.get(sorted.size() / 2);
  }

  /** One agent with its control plane. */
  private final class Trial implements AutoCloseable {
    private final StandInControlPlane controlPlane = new StandInControlPlane();
    private final AgentContainer agent;

    Trial(Way way) throws IOException {
      agent =
          AgentContainer.start(
              docker,
              new AgentContainer.Start(
                  way.image(), controlPlane.address(), Ports.anyFree(), way.jdk()));
    }

    Start times() throws Exception {
      var answered = new Instant[1];
      until(
          "/health to be up",
          () -> {
            var status = agent.health();
            if (status.isPresent() && answered[0] == null) {
              answered[0] = Instant.now();
            }
            return status.orElse(0) == 200;
          });
      var joined = Instant.now();
      var processor = agent.processorTime();
      var began = agent.startedAt();
      return new Start(
          Duration.between(began, answered[0]), Duration.between(began, joined), processor);
    }

    /** It removes its tools. */
    void end() throws Exception {
      controlPlane.deleteToolbox();
      until("the agent's end", () -> agent.inspect("{{.State.Status}}").equals("exited"));
    }

    void until(String what, Callable<Boolean> fact) throws Exception {
      var deadline = System.nanoTime() + PATIENCE.toNanos();
      while (!fact.call()) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException(
              "waited %d s for %s in vain; the agent's log:%n%s"
                  .formatted(PATIENCE.toSeconds(), what, agent.logs()));
        }
        Thread.sleep(LOOK);
      }
    }

    @Override
    public void close() {
      agent.close();
      controlPlane.close();
    }
  }
}
