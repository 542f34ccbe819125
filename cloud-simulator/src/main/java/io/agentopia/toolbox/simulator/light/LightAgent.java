package io.agentopia.toolbox.simulator.light;

import io.agentopia.toolbox.simulator.boot.RunningAgent;
import io.agentopia.toolbox.simulator.light.Backend.Answer;
import io.agentopia.toolbox.simulator.store.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jboss.logging.Logger;

/**
 * An agent that is played: towards the control plane it keeps to docs/agent-protocol.md, behind it
 * are no containers. It joins once, beats at the pace it is told, fetches a manifest that is newer,
 * reports what changed, renews its token, and backs off as the real one does, though to 15 s at
 * most.
 */
final class LightAgent implements RunningAgent {
  private static final Logger LOG = Logger.getLogger(LightAgent.class);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String VERSION = "light";
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
  private static final Duration MANIFEST_EVERY = Duration.ofMinutes(5);
  private static final int DELETED_EXIT = 3;
  private static final int TERMINATED = 143;
  private static final int KILLED = 137;

  private final long dropletId;
  private final Backend backend;
  private final Path file;
  private final Map<String, String> environment;
  private final Instant startedAt = Instant.now();
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private final Semaphore wakeUps = new Semaphore(0);
  private volatile LightState state;
  private volatile boolean isEnding;
  private Thread thread;
  private long beats;
  private int failures;
  private boolean isReportDue = true;
  private long wantedManifest;
  private Instant manifestAt = Instant.EPOCH;

  LightAgent(long dropletId, Backend backend, Path file, Map<String, String> environment) {
    this.dropletId = dropletId;
    this.backend = backend;
    this.file = file;
    this.environment = environment;
    this.state = Json.read(file, LightState.class).orElseGet(() -> LightState.fresh(hex(32)));
  }

  void start(InboundPort port) {
    thread = Thread.ofVirtual().name("light-agent-" + dropletId).start(() -> run(port));
  }

  LightState state() {
    return state;
  }

  /** Looks at the manifest now. */
  void wake() {
    manifestAt = Instant.EPOCH;
    wakeUps.release();
  }

  private void run(InboundPort port) {
    var code = TERMINATED;
    try {
      port.open();
      keep(state);
      while (!isEnding) {
        var pause = step(port);
        if (pause == null) {
          code = DELETED_EXIT;
          break;
        }
        wakeUps.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
        wakeUps.drainPermits();
      }
    } catch (InterruptedException e) {
      // Told to end.
    } catch (RuntimeException e) {
      LOG.errorf(e, "light agent ended: dropletId=%d", dropletId);
      code = 1;
    } finally {
      close(port);
      exit.complete(code);
      gone.complete(null);
    }
  }

  private static void close(InboundPort port) {
    try {
      Thread.interrupted();
      port.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One round; returns the pause to the next, or null when there is nothing left to live for. */
  private Duration step(InboundPort port) throws InterruptedException {
    var answer = state.isJoined() ? beat() : join(port);
    if (answer.status() == 410) {
      keep(state.with(state.manifestGeneration(), List.of()));
      return null;
    }
    if (!answer.isOk()) {
      if (answer.status() == 401 && state.isJoined()) {
        renew();
      }
      return pauseAfterFailure();
    }
    failures = 0;
    return syncManifest() && sendReport() ? jittered() : pauseAfterFailure();
  }

  private Answer join(InboundPort port) throws InterruptedException {
    var wish =
        Map.of(
            "nonce", state.nonce(),
            "agentVersion", VERSION,
            "hostname", environment.getOrDefault("DTMA_HOSTNAME", "light"),
            "bootId", environment.getOrDefault("DTMA_BOOT_ID", "light"),
            "agentPort", port.number());
    var answer = backend.post("join", environment.get("DTMA_JOIN_TOKEN"), wish);
    if (!answer.isOk()) {
      return answer;
    }
    keep(state.joined(answer.body()));
    return beat();
  }

  private Answer beat() throws InterruptedException {
    var answer = backend.post("heartbeat", state.token(), heartbeat());
    if (answer.isOk()) {
      var told = state.told(answer.body());
      if (!told.equals(state)) {
        keep(told);
      }
      wantedManifest = answer.body().path("manifestGeneration").asLong();
    }
    return answer;
  }

  private Map<String, Object> heartbeat() {
    var beat = new LinkedHashMap<String, Object>();
    beat.put("sequence", ++beats);
    beat.put("agentVersion", VERSION);
    beat.put("bootId", environment.getOrDefault("DTMA_BOOT_ID", "light"));
    beat.put("uptimeSeconds", uptime());
    beat.put("appliedManifestGeneration", state.manifestGeneration());
    beat.put("dockerReachable", true);
    beat.put("dockerVersion", VERSION);
    beat.put("dockerAgeSeconds", 1);
    beat.put("metrics", metrics());
    beat.put("tools", state.tools().stream().map(LightAgent::named).toList());
    if (environment.containsKey("DTMA_IMAGE")) {
      beat.put("agentImage", environment.get("DTMA_IMAGE"));
    }
    return beat;
  }

  private Map<String, Object> metrics() {
    return Map.of(
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
        state.tools().size());
  }

  private static Map<String, Object> named(LightTool tool) {
    return Map.of(
        "toolInstanceId", tool.toolInstanceId(), "name", tool.name(), "status", tool.status());
  }

  /** As the real one proves itself: the token alone is worth nothing once it has expired. */
  private void renew() throws InterruptedException {
    var answer =
        backend.post(
            "token",
            state.token(),
            Map.of("proof", proof(state.inboundKeys().getFirst(), state.token())));
    if (answer.isOk()) {
      keep(state.told(answer.body()));
    }
  }

  private static String proof(String key, String text) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      var made = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(made);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  private boolean syncManifest() throws InterruptedException {
    var now = Instant.now();
    if (wantedManifest <= state.manifestGeneration()
        && now.isBefore(manifestAt.plus(MANIFEST_EVERY))) {
      return true;
    }
    var answer = backend.get("manifest", state.token());
    if (!answer.isOk()) {
      return false;
    }
    manifestAt = now;
    var manifest = answer.body();
    var generation = manifest.path("generation").asLong();
    if (manifest.path("toolboxId").asText().equals(state.toolboxId())
        && generation > state.manifestGeneration()) {
      var tools = LightTool.carryOut(manifest, state.tools(), now, () -> hex(32));
      keep(state.with(generation, tools));
      isReportDue = true;
    }
    return true;
  }

  private boolean sendReport() throws InterruptedException {
    if (!isReportDue) {
      return true;
    }
    var report =
        Map.of(
            "appliedManifestGeneration", state.manifestGeneration(),
            "observedAt", Instant.now(),
            "tools", state.tools());
    isReportDue = !backend.post("report", state.token(), report).isOk();
    return !isReportDue;
  }

  Map<String, Object> status() {
    var now = state;
    return Map.of(
        "status", "healthy",
        "version", VERSION,
        "service", "DTMA",
        "system_metrics",
            Map.of(
                "cpu_usage", "5%",
                "memory_usage", "40%",
                "disk_usage", "20%",
                "docker_containers", now.tools().size()),
        "tool_instances", now.tools().stream().map(LightAgent::shown).toList(),
        "toolbox_id", now.toolboxId(),
        "account_id", now.accountId(),
        "generation", now.generation(),
        "manifest_generation", now.manifestGeneration(),
        "uptime_seconds", uptime());
  }

  private static Map<String, Object> shown(LightTool tool) {
    return Map.of(
        "name", tool.name(), "status", tool.status(), "tool_instance_id", tool.toolInstanceId());
  }

  private long uptime() {
    return Duration.between(startedAt, Instant.now()).toSeconds();
  }

  private Duration jittered() {
    var millis = Duration.ofSeconds(state.heartbeatSeconds()).toMillis();
    return Duration.ofMillis(
        (long) (millis * (0.9 + 0.2 * ThreadLocalRandom.current().nextDouble())));
  }

  private Duration pauseAfterFailure() {
    var doubled = FIRST_PAUSE.toMillis() << Math.min(failures++, 10);
    var full = Math.min(doubled, LONGEST_PAUSE.toMillis());
    return Duration.ofMillis(
        (long) (full * (0.5 + 0.5 * ThreadLocalRandom.current().nextDouble())));
  }

  private void keep(LightState changed) {
    file.getParent().toFile().mkdirs();
    Json.write(file, changed);
    state = changed;
  }

  private static String hex(int bytes) {
    var random = new byte[bytes];
    RANDOM.nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  @Override
  public long pid() {
    return -dropletId;
  }

  @Override
  public long startedAt() {
    return startedAt.toEpochMilli();
  }

  @Override
  public boolean isAlive() {
    return !exit.isDone();
  }

  @Override
  public void onExit(Consumer<Integer> then) {
    exit.thenAccept(then);
  }

  @Override
  public boolean kill() {
    return stop(KILLED);
  }

  @Override
  public void end(Duration grace) {
    stop(TERMINATED);
    gone.join();
  }

  private boolean stop(int code) {
    isEnding = true;
    thread.interrupt();
    return exit.complete(code);
  }
}
