package io.agentopia.toolbox.bench.peer;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dbos.transact.DBOS;
import dev.dbos.transact.config.DBOSConfig;
import dev.dbos.transact.workflow.Workflow;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * A durable-workflow library on the same database: workflows of five steps that do nothing, each
 * step's result stored before the next. {@code PeerMain <jdbc url> <user> <at once>}; then each
 * line of standard input is a number of workflows to run, answered by the milliseconds they took.
 */
public final class PeerMain {
  private static final int STEPS = 5;

  private PeerMain() {}

  /** What the peer makes durable. */
  public interface Saga {
    int run(int input);
  }

  private static final class FiveSteps implements Saga {
    private final DBOS dbos;

    FiveSteps(DBOS dbos) {
      this.dbos = dbos;
    }

    @Override
    @Workflow(name = "saga")
    public int run(int input) {
      var result = input;
      for (var step = 1; step <= STEPS; step++) {
        var before = result;
        result = dbos.<Integer, RuntimeException>runStep(() -> before + 1, "step-" + step);
      }
      return result;
    }
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    var atOnce = Integer.parseInt(args[2]);
    try (var pool = pool(args[0], args[1], Math.min(atOnce, 16));
        var dbos = new DBOS(DBOSConfig.defaults("bench").withDataSource(pool))) {
      var saga = dbos.registerProxy(Saga.class, new FiveSteps(dbos));
      dbos.launch();
      System.out.println("READY");
      var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (var line = in.readLine(); line != null; line = in.readLine()) {
        System.out.println("DONE " + run(saga, Integer.parseInt(line.strip()), atOnce));
      }
    }
  }

  private static HikariDataSource pool(String url, String user, int size) {
    var config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setUsername(user);
    config.setPassword(user);
    config.setMaximumPoolSize(size);
    return new HikariDataSource(config);
  }

  private static long run(Saga saga, int count, int atOnce) throws InterruptedException {
    var permits = new Semaphore(atOnce);
    var began = System.nanoTime();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var number = 0; number < count; number++) {
        var input = number;
        permits.acquire();
        threads.submit(
            () -> {
              try {
                check(saga.run(input), input);
              } finally {
                permits.release();
              }
            });
      }
    }
    return (System.nanoTime() - began) / 1_000_000;
  }

  private static void check(int result, int input) {
    if (result != input + STEPS) {
      System.err.println("a workflow of " + input + " gave " + result);
      System.exit(1);
    }
  }
}
