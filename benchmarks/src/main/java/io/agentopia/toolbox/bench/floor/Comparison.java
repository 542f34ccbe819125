package io.agentopia.toolbox.bench.floor;

import io.agentopia.toolbox.bench.load.Beats;
import io.agentopia.toolbox.bench.measure.Counts;
import io.agentopia.toolbox.bench.measure.Figures;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the platform is held against in the same call, on the same broker and database with the same
 * durability: the floor, the same steps written by hand without any framework; and a peer.
 */
public enum Comparison {
  SAGA_FLOOR("floor") {
    @Override
    Figures measure(Path root, Path work, Ground ground) {
      var line = Ground.java(System.getProperty("java.class.path"));
      line.addAll(List.of(SagaFloor.class.getName(), ground.jdbcUrl(), ground.bootstrapServers()));
      return sagas(line, work, ground);
    }
  },

  PEER("peer") {
    private static final String AT_ONCE = "32";

    @Override
    Figures measure(Path root, Path work, Ground ground) {
      var target = root.resolve("benchmarks/peer/target");
      var jar = target.resolve("benchmarks-peer-0.1.0-SNAPSHOT.jar");
      var line = Ground.java(jar + ":" + target.resolve("lib") + "/*");
      line.addAll(
          List.of(
              "io.agentopia.toolbox.bench.peer.PeerMain", ground.jdbcUrl(), Ground.USER, AT_ONCE));
      return sagas(line, work, ground);
    }
  },

  BEAT_FLOOR("floor") {
    private static final int AGENTS = 400;
    private static final int CONNECTIONS = 48;
    private static final Duration TIME = Duration.ofSeconds(15);

    @Override
    Figures measure(Path root, Path work, Ground ground) throws InterruptedException {
      var line = Ground.java(System.getProperty("java.class.path"));
      line.addAll(List.of(BeatFloor.class.getName(), ground.jdbcUrl(), ground.bootstrapServers()));
      try (var floor = new Obedient(line, work.resolve("floor.log"))) {
        var tokens =
            IntStream.range(0, AGENTS).mapToObj(n -> BeatFloor.token("agent-" + n)).toList();
        var beats = new Beats("http://127.0.0.1:" + floor.ready(), tokens);
        beats.send(CONNECTIONS, 0, TIME);
        var counter = ground.counter("floor", floor.pid());
        var before = counter.read();
        var sent = beats.send(CONNECTIONS, 0, TIME);
        var spent = counter.read().since(before);
        return sent.figures(new Figures(), spent);
      }
    }
  };

  public static final List<Comparison> SAGAS = List.of(SAGA_FLOOR, PEER);
  public static final List<Comparison> BEATS = List.of(BEAT_FLOOR);
  private static final int WARM_UP = 2_000;
  private static final int COUNT = 4_000;

  private final String label;

  Comparison(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }

  abstract Figures measure(Path root, Path work, Ground ground) throws InterruptedException;

  /**
   * @param root the checkout whose build is run
   */
  public Figures run(Path root, Path work) throws InterruptedException {
    try (var ground = Ground.prepare(work)) {
      return measure(root, work, ground);
    }
  }

  private static Figures sagas(List<String> line, Path work, Ground ground) {
    try (var program = new Obedient(new ArrayList<>(line), work.resolve("beside.log"))) {
      program.run(WARM_UP);
      var counter = ground.counter("engine", program.pid());
      var before = counter.read();
      var millis = program.run(COUNT);
      var spent = counter.read().since(before);
      return new Figures()
          .put("burst: sagas/s", COUNT * 1000 / millis)
          .put("CPU per saga, ms", Counts.sum(spent.cpuMillis()) / COUNT)
          .putEach("CPU per saga, ms", spent.cpuMillis(), COUNT)
          .put("transactions per saga", Counts.sum(spent.transactions()) / COUNT)
          .put("statements per saga", Counts.sum(spent.statements()) / COUNT)
          .put("rows written per saga", spent.rowsWritten() / COUNT)
          .put("WAL per saga, kB", spent.walBytes() / 1000 / COUNT)
          .put("records per saga", Counts.sum(spent.records()) / COUNT);
    }
  }
}
