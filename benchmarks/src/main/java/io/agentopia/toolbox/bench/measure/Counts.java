package io.agentopia.toolbox.bench.measure;

import java.util.TreeMap;

/**
 * What was counted up to a moment.
 *
 * @param nanos of the moment, by {@link System#nanoTime}
 * @param cpuMillis by process
 * @param transactions by database, committed or not
 * @param statements by database, begin and commit not among them
 * @param records by topic: the sum of its end offsets
 * @param cloudCalls answered by the simulated cloud
 */
public record Counts(
    long nanos,
    TreeMap<String, Double> cpuMillis,
    TreeMap<String, Double> transactions,
    TreeMap<String, Double> statements,
    double rowsWritten,
    double walBytes,
    TreeMap<String, Double> records,
    double cloudCalls) {

  /** What came in between. */
  public Counts since(Counts before) {
    return new Counts(
        nanos - before.nanos,
        minus(cpuMillis, before.cpuMillis),
        minus(transactions, before.transactions),
        minus(statements, before.statements),
        rowsWritten - before.rowsWritten,
        walBytes - before.walBytes,
        minus(records, before.records),
        cloudCalls - before.cloudCalls);
  }

  /** What was new since counts from zero; a process that was replaced meanwhile does too. */
  private static TreeMap<String, Double> minus(
      TreeMap<String, Double> after, TreeMap<String, Double> before) {
    var left = new TreeMap<String, Double>();
    after.forEach(
        (name, value) -> {
          var was = before.getOrDefault(name, 0.0);
          left.put(name, value < was ? value : value - was);
        });
    return left;
  }

  public double seconds() {
    return nanos / 1e9;
  }

  public static double sum(TreeMap<String, Double> all) {
    return all.values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
