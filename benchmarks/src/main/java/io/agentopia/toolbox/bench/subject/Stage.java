package io.agentopia.toolbox.bench.subject;

import io.agentopia.toolbox.bench.measure.Counter;
import io.agentopia.toolbox.embedded.EmbeddedDatabase;
import io.agentopia.toolbox.local.Components;
import io.agentopia.toolbox.local.LocalStack;
import io.agentopia.toolbox.local.Service;
import io.agentopia.toolbox.local.StackOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The platform with fresh data, its services as a subject has them: the shipped flags, fsync on.
 * Its cloud sets no limits and its agents are light ones in the cloud's process, whose CPU is not
 * the product's.
 */
public final class Stage implements AutoCloseable {
  private static final String NO_LIMIT = "100000000";
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** Services and what they stand on; the rest is the measurement's own. */
  public static final List<String> PRODUCT =
      Stream.concat(Service.modules().stream(), Stream.of(Components.KAFKA, Components.POSTGRES))
          .toList();

  private final Path directory;
  private final LocalStack stack;

  /**
   * How the stage differs from the usual one.
   *
   * @param boot from the create call until user-data runs
   * @param environment by component
   */
  public record Settings(Duration boot, Map<String, Map<String, String>> environment) {
    public static final Settings USUAL = new Settings(Duration.ZERO, Map.of());
  }

  private Stage(Path directory, LocalStack stack) {
    this.directory = directory;
    this.stack = stack;
  }

  public static Stage start(Subject subject, Path work, Settings settings) {
    try {
      var directory = Files.createTempDirectory(work, "stage-");
      var options =
          StackOptions.isolated(subject.parts(), directory)
              .withPatience(PATIENCE)
              .with(Components.SIMULATOR, cloud(settings.boot()))
              .with(
                  Components.PROVISIONER,
                  Map.of(
                      "PROVISIONER_CLOUD_BUDGET_PER_HOUR",
                      NO_LIMIT,
                      "PROVISIONER_CLOUD_BUDGET_PER_MINUTE",
                      "10000000"));
      for (var more : settings.environment().entrySet()) {
        options = options.with(more.getKey(), more.getValue());
      }
      var stage = new Stage(directory, LocalStack.start(options));
      stage.countStatements();
      return stage;
    } catch (IOException e) {
      throw new UncheckedIOException("making a directory in " + work + " failed", e);
    }
  }

  private static Map<String, String> cloud(Duration boot) {
    var all = new HashMap<String, String>();
    // All agents and machines of the fleet are in it, and every request of an hour.
    all.put(Components.HEAP, "2g");
    all.put("SIMULATOR_AGENT_KIND", "light");
    all.put("SIMULATOR_DOCKER", "simulated");
    all.put("SIMULATOR_DROPLET_LIMIT", NO_LIMIT);
    all.put("SIMULATOR_RATE_LIMITS_PER_HOUR", NO_LIMIT);
    all.put("SIMULATOR_RATE_LIMITS_PER_MINUTE", NO_LIMIT);
    // A third of a boot until the cloud calls the droplet active and shows its address.
    var shown = boot.dividedBy(3);
    all.put("SIMULATOR_DELAYS_ACTIVE_AFTER", shown.toMillis() + "ms");
    all.put("SIMULATOR_DELAYS_ADDRESS_AFTER", shown.toMillis() + "ms");
    all.put("SIMULATOR_DELAYS_BOOT_AFTER", boot.minus(shown).toMillis() + "ms");
    all.put("SIMULATOR_DELAYS_STAGE_AFTER", "0ms");
    all.put("SIMULATOR_DELAYS_DELETE_AFTER", "0ms");
    return all;
  }

  /** The extension has to be there when the server starts; so the server starts once more. */
  private void countStatements() {
    try (var connection = connect("postgres");
        var statement = connection.createStatement()) {
      statement.execute("alter system set shared_preload_libraries = 'pg_stat_statements'");
      statement.execute("alter system set pg_stat_statements.track_utility = off");
    } catch (SQLException e) {
      throw new IllegalStateException("the database does not count statements", e);
    }
    stack.process(Components.POSTGRES).restart();
    PRODUCT.forEach(name -> stack.process(name).awaitReady(PATIENCE));
    try (var connection = connect("postgres");
        var statement = connection.createStatement()) {
      statement.execute("create extension pg_stat_statements");
    } catch (SQLException e) {
      throw new IllegalStateException("the database does not count statements", e);
    }
  }

  public LocalStack stack() {
    return stack;
  }

  /** What the simulated cloud keeps of its droplets' disks. */
  public Path droplets() {
    return directory.resolve("simulator").resolve("droplets");
  }

  public Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        stack.jdbcUrl(database), EmbeddedDatabase.USER, EmbeddedDatabase.USER);
  }

  public String jdbcUrl(String database) {
    return stack.jdbcUrl(database);
  }

  /** Counts what the product does. */
  public Counter counter() {
    return new Counter(
        this::productPids,
        () -> {
          try {
            return connect("postgres");
          } catch (SQLException e) {
            throw new IllegalStateException("the database does not answer", e);
          }
        },
        stack.bootstrapServers(),
        stack.url(Components.SIMULATOR));
  }

  private Map<String, Long> productPids() {
    var pids = new TreeMap<String, Long>();
    PRODUCT.forEach(name -> pids.put(name, stack.process(name).pid()));
    // The server is no child of the process that watches over it.
    pids.put(Components.POSTGRES, postmaster());
    return pids;
  }

  private long postmaster() {
    var file = directory.resolve(Components.POSTGRES).resolve("data").resolve("postmaster.pid");
    try {
      return Long.parseLong(Files.readAllLines(file).getFirst().strip());
    } catch (IOException e) {
      throw new UncheckedIOException("the database's server is not running", e);
    }
  }

  @Override
  public void close() {
    // Its directory goes with the measurement's, unless that fails: then the logs are needed.
    stack.close();
  }
}
