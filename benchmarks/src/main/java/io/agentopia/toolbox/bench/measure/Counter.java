package io.agentopia.toolbox.bench.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads all counters at a moment. Transactions and rows are those of {@code pg_stat_database},
 * where a busy connection brings its own in once a second; statements those of {@code
 * pg_stat_statements}.
 */
public final class Counter {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String DATABASES =
      """
      select datname, xact_commit + xact_rollback, tup_inserted + tup_updated + tup_deleted
      from pg_stat_database where datname not in ('postgres', 'template0', 'template1')""";

  private static final String STATEMENTS =
      """
      select d.datname, sum(s.calls) from pg_stat_statements s join pg_database d on s.dbid = d.oid
      where d.datname <> 'postgres' group by d.datname""";

  private static final String MOST_CALLED =
      """
      select d.datname, s.calls, s.total_exec_time,
        left(regexp_replace(s.query, '\\s+', ' ', 'g'), 110)
      from pg_stat_statements s join pg_database d on s.dbid = d.oid
      where d.datname <> 'postgres' order by s.calls desc limit 60""";

  private final Supplier<Map<String, Long>> pids;
  private final Supplier<Connection> database;
  private final String bootstrapServers;
  private final String cloud;
  private final HttpClient http = HttpClient.newHttpClient();

  /**
   * @param pids of what is measured, by name
   * @param database opens a connection to the maintenance database, whose own work is not counted
   * @param cloud address of the simulated cloud, or null where there is none
   */
  public Counter(
      Supplier<Map<String, Long>> pids,
      Supplier<Connection> database,
      String bootstrapServers,
      String cloud) {
    this.pids = pids;
    this.database = database;
    this.bootstrapServers = bootstrapServers;
    this.cloud = cloud;
  }

  public Counts read() {
    var cpu = new TreeMap<String, Double>();
    pids.get().forEach((name, pid) -> cpu.put(name, ProcessTimes.ofFamily(pid)));
    try (var connection = database.get()) {
      return new Counts(
          System.nanoTime(),
          cpu,
          column(connection, DATABASES, 2),
          column(connection, STATEMENTS, 2),
          Counts.sum(column(connection, DATABASES, 3)),
          Counts.sum(column(connection, "select 'all', wal_bytes from pg_stat_wal", 2)),
          records(),
          cloudCalls());
    } catch (SQLException e) {
      throw new IllegalStateException("the database does not tell its statistics", e);
    }
  }

  /** From here on {@link #mostCalled} counts. */
  public void forgetStatements() {
    try (var connection = database.get();
        var statement = connection.createStatement()) {
      statement.execute("select pg_stat_statements_reset()");
    } catch (SQLException e) {
      throw new IllegalStateException("the database does not forget its statistics", e);
    }
  }

  /**
   * The statements that were made most often since {@link #forgetStatements}, a line each: calls
   * and milliseconds in the server for each of {@code by}, database, the statement's beginning.
   */
  public List<String> mostCalled(double by) {
    try (var connection = database.get();
        var query = connection.createStatement();
        var found = query.executeQuery(MOST_CALLED)) {
      var lines = new ArrayList<String>();
      while (found.next()) {
        lines.add(
            String.format(
                Locale.ROOT,
                "%7.2f %8.3f ms  %-11s %s",
                found.getLong(2) / by,
                found.getDouble(3) / by,
                found.getString(1),
                found.getString(4)));
      }
      return lines;
    } catch (SQLException e) {
      throw new IllegalStateException("the database does not tell its statistics", e);
    }
  }

  private static TreeMap<String, Double> column(Connection connection, String sql, int number)
      throws SQLException {
    try (var query = connection.createStatement();
        var found = query.executeQuery(sql)) {
      var values = new TreeMap<String, Double>();
      while (found.next()) {
        values.put(found.getString(1), found.getDouble(number));
      }
      return values;
    }
  }

  private TreeMap<String, Double> records() {
    try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      var topics = admin.listTopics().names().get();
      var partitions =
          admin.describeTopics(topics).allTopicNames().get().values().stream()
              .flatMap(
                  t ->
                      t.partitions().stream().map(p -> new TopicPartition(t.name(), p.partition())))
              .collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest()));
      var sums = new TreeMap<String, Double>();
      admin
          .listOffsets(partitions)
          .all()
          .get()
          .forEach((p, end) -> sums.merge(p.topic(), (double) end.offset(), Double::sum));
      return sums;
    } catch (ExecutionException e) {
      throw new IllegalStateException("the broker does not tell its offsets", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the offsets were read", e);
    }
  }

  private double cloudCalls() {
    if (cloud == null) {
      return 0;
    }
    try {
      var request = HttpRequest.newBuilder(URI.create(cloud + "/control/ledger")).build();
      var body = http.send(request, BodyHandlers.ofByteArray()).body();
      return JSON.readTree(body).path("requests").path("total").asDouble();
    } catch (IOException e) {
      throw new IllegalStateException("the simulated cloud does not tell its calls", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the cloud's calls were read", e);
    }
  }
}
