package io.agentopia.toolbox.bench;

import io.agentopia.toolbox.bench.floor.Comparison;
import io.agentopia.toolbox.bench.footprint.FootprintCommand;
import io.agentopia.toolbox.bench.measure.Figures;
import io.agentopia.toolbox.bench.measure.Surroundings;
import io.agentopia.toolbox.bench.subject.Subjects;
import io.agentopia.toolbox.embedded.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code ./toolbox bench}: measures the platform, alone or against another revision of its
 * services.
 */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    subcommands = FootprintCommand.class,
    description = "Measures the platform; benchmarks/README.md says what each figure means.")
public final class Bench {
  /** Kept here: a logger that nobody holds forgets its level. */
  private static final Logger KAFKA = Logger.getLogger("org.apache.kafka");

  @Option(
      names = "--against",
      scope = CommandLine.ScopeType.INHERIT,
      description = "a revision of git: it is built, and the two are measured in turns")
  String against;

  @Option(
      names = "--runs",
      scope = CommandLine.ScopeType.INHERIT,
      defaultValue = "3",
      description = "of each; default ${DEFAULT-VALUE}")
  int runs;

  @Option(
      names = "--out",
      scope = CommandLine.ScopeType.INHERIT,
      description = "file for the results as JSON; default in benchmarks/results")
  Path out;

  public static void main(String[] args) {
    KAFKA.setLevel(Level.WARNING);
    System.exit(new CommandLine(new Bench()).execute(args));
  }

  @Command(
      description =
          "request -> droplet -> agent -> healthy -> tool running, in a burst and at low load")
  int sagas(
      @Option(names = "--burst", defaultValue = "400", description = "sagas; 0: no burst")
          int burst,
      @Option(names = "--warm-up", defaultValue = "150") int warmUp,
      @Option(names = "--rate", defaultValue = "50", description = "requests/s of the burst")
          double rate,
      @Option(names = "--low", defaultValue = "24", description = "sagas at 0.5/s; 0: none")
          int low,
      @Option(
              names = "--boot",
              defaultValue = "40",
              description = "seconds a boot takes at low load")
          int boot,
      @Option(
              names = "--beside",
              negatable = true,
              defaultValue = "true",
              fallbackValue = "true",
              description = "also the floor and the peer")
          boolean beside)
      throws InterruptedException, IOException {
    var trial = new SagasTrial(warmUp, burst, rate, low, Duration.ofSeconds(boot));
    return measure("sagas", trial, beside ? Comparison.SAGAS : List.of());
  }

  @Command(
      description =
          "heartbeats of agents with real tokens, as fast as they are answered and at given rates")
  int heartbeats(
      @Option(names = "--agents", defaultValue = "400") int agents,
      @Option(names = "--connections", defaultValue = "48") int connections,
      @Option(names = "--seconds", defaultValue = "15") int seconds,
      @Option(names = "--rates", split = ",", description = "beats/s, for example 250,500,1000")
          List<Integer> rates,
      @Option(
              names = "--beside",
              negatable = true,
              defaultValue = "true",
              fallbackValue = "true",
              description = "also the floor")
          boolean beside)
      throws InterruptedException, IOException {
    var given = rates == null ? List.<Integer>of() : rates;
    var trial = new HeartbeatsTrial(agents, connections, Duration.ofSeconds(seconds), given);
    return measure("heartbeats", trial, beside ? Comparison.BEATS : List.of());
  }

  @Command(description = "CPU while nothing is asked for, by number of toolboxes")
  int rest(
      @Option(names = "--sizes", split = ",", defaultValue = "150,6000") List<Integer> sizes,
      @Option(names = "--seconds", defaultValue = "60") int seconds,
      @Option(names = "--rate", defaultValue = "20", description = "requests/s while they are made")
          double rate)
      throws InterruptedException, IOException {
    return measure("rest", new RestTrial(sizes, Duration.ofSeconds(seconds), rate), List.of());
  }

  @Command(description = "first demo of a fresh clone, up, and from kill to ready")
  int startup(
      @Option(names = "--demo", negatable = true, defaultValue = "true", fallbackValue = "true")
          boolean demo,
      @Option(names = "--kills", negatable = true, defaultValue = "true", fallbackValue = "true")
          boolean kills)
      throws InterruptedException, IOException {
    return measure("startup", new StartupTrial(demo, kills), List.of());
  }

  private int measure(String what, Trial trial, List<Comparison> beside)
      throws InterruptedException, IOException {
    var root = Path.of(System.getProperty("toolbox.home", ".")).toAbsolutePath().normalize();
    var results = root.resolve("benchmarks").resolve("results");
    var work = Files.createTempDirectory("toolbox-bench");
    var began = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    var all = new LinkedHashMap<String, List<Map<String, Double>>>();
    var around = new LinkedHashMap<String, Double>();
    var revisions = new LinkedHashMap<String, String>();
    try (var subjects = new Subjects(root, against, work)) {
      around.put("load before", Surroundings.load());
      around.put("fsyncs/s before", Surroundings.fsyncsPerSecond(work));
      for (var run = 1; run <= runs; run++) {
        // In turns: what else the machine does meanwhile falls on all alike.
        for (var subject : subjects.all()) {
          revisions.put(subject.label(), subject.revision());
          keep(all, subject.label(), run, trial.run(subject, work));
        }
        for (var comparison : beside) {
          keep(all, comparison.label(), run, comparison.run(root, work));
        }
        around.put("load after run " + run, Surroundings.load());
      }
      around.put("fsyncs/s after", Surroundings.fsyncsPerSecond(work));
    } catch (RuntimeException e) {
      System.err.println("the logs of what failed are in " + work);
      throw e;
    }
    Directories.discard(work);
    var outcome =
        new Outcome(
            what,
            began.toString(),
            Surroundings.machine(),
            Map.of("trial", trial.toString(), "runs", Integer.toString(runs)),
            revisions,
            around,
            all);
    var file = out != null ? out : results.resolve(name(what, began));
    outcome.write(file);
    System.out.println("\n" + outcome.table() + "\n" + around + "\nresults: " + file);
    return 0;
  }

  private static String name(String what, Instant began) {
    return what + "-" + began.toString().replace(":", "") + ".json";
  }

  private static void keep(
      Map<String, List<Map<String, Double>>> all, String label, int run, Figures figures) {
    all.computeIfAbsent(label, l -> new ArrayList<>()).add(figures.all());
    System.out.println(label + ", run " + run + ": " + figures.all());
  }
}
