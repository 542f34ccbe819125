package io.agentopia.toolbox.bench;

import io.agentopia.toolbox.bench.load.Requests;
import io.agentopia.toolbox.bench.measure.Counts;
import io.agentopia.toolbox.bench.measure.Figures;
import io.agentopia.toolbox.bench.measure.Spread;
import io.agentopia.toolbox.bench.subject.Stage;
import io.agentopia.toolbox.bench.subject.Stage.Settings;
import io.agentopia.toolbox.bench.subject.Subject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A burst of requests on a cloud without delays, then few requests on one whose boots take their
 * time.
 */
record SagasTrial(int warmUp, int burst, double perSecond, int low, Duration boot)
    implements Trial {
  private static final Duration PATIENCE = Duration.ofMinutes(15);
  private static final double LOW_PER_SECOND = 0.5;

  @Override
  public Figures run(Subject subject, Path work) throws InterruptedException {
    var figures = new Figures();
    if (burst > 0) {
      burst(subject, work, figures);
    }
    if (low > 0) {
      low(subject, work, figures);
    }
    return figures;
  }

  private void burst(Subject subject, Path work, Figures figures) throws InterruptedException {
    try (var stage = Stage.start(subject, work, Settings.USUAL)) {
      new Requests(stage, true).run(warmUp, perSecond, PATIENCE);
      var counter = stage.counter();
      counter.forgetStatements();
      var before = counter.read();
      var run = new Requests(stage, true).run(burst, perSecond, PATIENCE);
      var spent = counter.read().since(before);
      require(run, burst);
      System.out.println("statements, each saga of " + subject.label() + ":");
      counter.mostCalled(burst).forEach(System.out::println);
      figures
          .put("burst: sagas/s", run.done() / run.seconds())
          .put("burst: requests repeated", run.repeated())
          .put("burst: request -> accepted p50, ms", Spread.percentile(run.untilAccepted(), 0.5));
      times(figures, "burst: request -> active", run.untilActive());
      times(figures, "burst: request -> running", run.untilRunning());
      costs(figures, spent, run);
    }
  }

  private static void costs(Figures figures, Counts spent, Requests run) {
    double sagas = run.done();
    figures
        .put("CPU per saga, ms", Counts.sum(spent.cpuMillis()) / sagas)
        .putEach("CPU per saga, ms", spent.cpuMillis(), sagas)
        .put("transactions per saga", (Counts.sum(spent.transactions()) - run.looks()) / sagas)
        .putEach("transactions per saga", spent.transactions(), sagas)
        .put("statements per saga", (Counts.sum(spent.statements()) - 2.0 * run.looks()) / sagas)
        .putEach("statements per saga", spent.statements(), sagas)
        .put("rows written per saga", spent.rowsWritten() / sagas)
        .put("WAL per saga, kB", spent.walBytes() / 1000 / sagas)
        .put("records per saga", Counts.sum(spent.records()) / sagas)
        .putEach("records per saga", spent.records(), sagas)
        .put("cloud calls per saga, burst", spent.cloudCalls() / sagas);
  }

  private void low(Subject subject, Path work, Figures figures) throws InterruptedException {
    try (var stage = Stage.start(subject, work, new Settings(boot, Map.of()))) {
      var counter = stage.counter();
      new Requests(stage, true).run(2, LOW_PER_SECOND, PATIENCE);
      var before = counter.read();
      var run = new Requests(stage, true).run(low, LOW_PER_SECOND, PATIENCE);
      var spent = counter.read().since(before);
      require(run, low);
      var added = run.untilActive().stream().map(ms -> ms - boot.toMillis()).toList();
      times(figures, "low load: added until active", added);
      times(figures, "low load: request -> running", run.untilRunning());
      figures.put("low load: cloud calls per saga", spent.cloudCalls() / run.done());
    }
  }

  private static void times(Figures figures, String name, List<Double> millis) {
    figures
        .put(name + " p50, s", Spread.percentile(millis, 0.5) / 1000)
        .put(name + " p99, s", Spread.percentile(millis, 0.99) / 1000);
  }

  private static void require(Requests run, int wanted) {
    if (run.done() < wanted) {
      throw new IllegalStateException(
          "of %d sagas %d came to their end (refused, by status: %s): the figures would flatter"
              .formatted(wanted, run.done(), run.refused()));
    }
  }
}
