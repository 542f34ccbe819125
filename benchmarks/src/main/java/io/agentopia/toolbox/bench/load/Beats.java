package io.agentopia.toolbox.bench.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentopia.toolbox.bench.measure.Counts;
import io.agentopia.toolbox.bench.measure.Figures;
import io.agentopia.toolbox.bench.measure.Spread;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Heartbeats of agents that have joined, with the tokens they were given. */
public final class Beats {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Api api;
  private final List<String> tokens;
  private final AtomicLong sequence = new AtomicLong(1_000_000);

  public Beats(String gateway, List<String> tokens) {
    this.api = new Api(gateway);
    this.tokens = tokens;
  }

  /**
   * @param millis until each accepted one was answered
   * @param failed got no, or another, answer
   */
  public record Sent(List<Double> millis, int failed, double seconds) {
    /** How fast they were answered, and what each cost of what was spent meanwhile. */
    public Figures figures(Figures figures, Counts spent) {
      double count = millis.size();
      return figures
          .put("beats/s", count / seconds())
          .put("failed", failed())
          .put("answer p50, ms", Spread.percentile(millis(), 0.5))
          .put("answer p99, ms", Spread.percentile(millis(), 0.99))
          .put("CPU per beat, ms", Counts.sum(spent.cpuMillis()) / count)
          .putEach("CPU per beat, ms", spent.cpuMillis(), count)
          .put("transactions per beat", Counts.sum(spent.transactions()) / count)
          .put("statements per beat", Counts.sum(spent.statements()) / count)
          .put("rows written per beat", spent.rowsWritten() / count)
          .put("WAL per beat, kB", spent.walBytes() / 1000 / count)
          .put("records per beat", Counts.sum(spent.records()) / count);
    }
  }

  /** Tokens of the light agents, from their droplets' disks. */
  public static List<String> tokens(Path droplets) {
    try (var all = Files.list(droplets)) {
      var tokens = new ArrayList<String>();
      for (var droplet : all.toList()) {
        var file = droplet.resolve("state").resolve("light.json");
        if (Files.exists(file)) {
          tokens.add(JSON.readTree(file.toFile()).path("token").asText());
        }
      }
      return tokens;
    } catch (IOException e) {
      throw new UncheckedIOException("the light agents' state cannot be read", e);
    }
  }

  /**
   * Each connection sends the next beat when the last one was answered.
   *
   * @param perSecond at most so many in all; 0: as fast as they are answered
   */
  public Sent send(int connections, double perSecond, Duration time) throws InterruptedException {
    var millis = Collections.synchronizedList(new ArrayList<Double>());
    var failed = new AtomicInteger();
    var next = new AtomicLong();
    var began = System.nanoTime();
    var end = began + time.toNanos();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var connection = 0; connection < connections; connection++) {
        threads.submit(
            () -> {
              while (System.nanoTime() < end) {
                var number = next.getAndIncrement();
                var due =
                    perSecond == 0 ? System.nanoTime() : began + (long) (number * 1e9 / perSecond);
                if (due >= end) {
                  return null;
                }
                rest(due - System.nanoTime());
                beat(tokens.get((int) (number % tokens.size())), due, millis, failed);
              }
              return null;
            });
      }
    }
    return new Sent(List.copyOf(millis), failed.get(), (System.nanoTime() - began) / 1e9);
  }

  private void beat(String token, long due, List<Double> millis, AtomicInteger failed)
      throws InterruptedException {
    if (api.post("/agent/v1/heartbeat", token, body()).isOk()) {
      millis.add((System.nanoTime() - due) / 1e6);
    } else {
      failed.incrementAndGet();
    }
  }

  private static void rest(long nanos) throws InterruptedException {
    if (nanos > 0) {
      Thread.sleep(Duration.ofNanos(nanos));
    }
  }

  private Map<String, Object> body() {
    return Map.of(
        "sequence",
        sequence.getAndIncrement(),
        "agentVersion",
        "light",
        "bootId",
        "bench",
        "uptimeSeconds",
        60,
        "appliedManifestGeneration",
        1,
        "dockerReachable",
        true,
        "dockerVersion",
        "light",
        "dockerAgeSeconds",
        1,
        "metrics",
        Map.of(
            "cpuPercent",
            5.0,
            "memoryPercent",
            40.0,
            "diskPercent",
            20.0,
            "memoryTotalBytes",
            1L << 30,
            "diskTotalBytes",
            25L << 30,
            "dockerContainers",
            1),
        "tools",
        List.of());
  }
}
