package io.agentopia.toolbox.simulator.docker.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentopia.toolbox.simulator.docker.engine.Engine;
import io.agentopia.toolbox.simulator.docker.engine.EngineEvent;
import io.agentopia.toolbox.simulator.docker.engine.EngineRefusal;
import io.agentopia.toolbox.simulator.docker.engine.Filters;
import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Answers that go on: logs, events, statistics. */
final class StreamCalls {
  private static final long LOOK_AGAIN_MS = 100;
  private static final Set<String> FILTERS =
      Set.of("type", "event", "container", "image", "network", "label", "daemon", "scope");

  private final Engine engine;
  private final Clock clock;

  StreamCalls(Engine engine, Clock clock) {
    this.engine = engine;
    this.clock = clock;
  }

  void into(Routes routes) {
    routes
        .get("/containers/{}/logs", this::logs)
        .get("/containers/{}/stats", this::stats)
        .get("/events", this::events);
  }

  // Logs

  private void logs(Call call) {
    var id = call.part(1);
    var stdout = call.flag("stdout");
    var stderr = call.flag("stderr");
    if (!stdout && !stderr) {
      throw new EngineRefusal(400, "Bad parameters: you must choose at least one stream");
    }
    var tty = engine.hasTty(id);
    var lines = engine.log(id, clock.instant());
    call.stream(
        tty ? "application/vnd.docker.raw-stream" : "application/vnd.docker.multiplexed-stream");
    var since = time(call.query("since"), Instant.MIN);
    var until = time(call.query("until"), Instant.MAX);
    wanted(lines, since, until, stdout, stderr, call.number("tail", -1))
        .forEach(l -> write(call, l, tty));
    if (call.flag("follow")) {
      follow(call, id, lines.size(), until, stdout, stderr, tty);
    }
    call.end();
  }

  private static List<Engine.Line> wanted(
      List<Engine.Line> lines,
      Instant since,
      Instant until,
      boolean stdout,
      boolean stderr,
      int tail) {
    var fitting =
        lines.stream()
            .filter(l -> l.stderr() ? stderr : stdout)
            .filter(l -> !l.at().isBefore(since) && !l.at().isAfter(until))
            .toList();
    return tail < 0 || tail >= fitting.size()
        ? fitting
        : fitting.subList(fitting.size() - tail, fitting.size());
  }

  private void follow(
      Call call, String id, int shown, Instant until, boolean stdout, boolean stderr, boolean tty) {
    var from = shown;
    while (!call.isGone() && clock.instant().isBefore(until)) {
      try {
        // Asked before the log is read: what is logged until the end is not missed.
        var running = engine.isRunning(id);
        var lines = engine.log(id, clock.instant());
        var news = lines.subList(Math.min(from, lines.size()), lines.size());
        wanted(news, Instant.MIN, until, stdout, stderr, -1).forEach(l -> write(call, l, tty));
        from = lines.size();
        if (!running) {
          return;
        }
        Thread.sleep(LOOK_AGAIN_MS);
      } catch (EngineRefusal removed) {
        return;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Without a terminal each piece has eight bytes before it: the stream, and the length. */
  private static void write(Call call, Engine.Line line, boolean tty) {
    var time = call.flag("timestamps") ? line.at() + " " : "";
    var text = (time + line.text() + (tty ? "\r\n" : "\n")).getBytes(StandardCharsets.UTF_8);
    var buffer = Buffer.buffer();
    if (!tty) {
      buffer
          .appendByte((byte) (line.stderr() ? 2 : 1))
          .appendBytes(new byte[3])
          .appendInt(text.length);
    }
    if (!call.isGone()) {
      call.response().write(buffer.appendBytes(text));
    }
  }

  // Statistics

  private void stats(Call call) {
    var id = call.part(1);
    if (!call.flagOrTrue("stream")) {
      call.answer(200, engine.stats(id, clock.instant()));
      return;
    }
    var first = engine.stats(id, clock.instant());
    call.stream("application/json");
    call.line(first);
    try {
      while (!call.isGone()) {
        Thread.sleep(1000);
        if (!call.isGone()) {
          call.line(engine.stats(id, clock.instant()));
        }
      }
    } catch (EngineRefusal removed) {
      call.end();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // Events

  private void events(Call call) {
    var filters = Filters.parse(call.query("filters"), FILTERS);
    var until = time(call.query("until"), null);
    var queue = new LinkedBlockingQueue<EngineEvent>();
    var stop = engine.listen(queue::add);
    try {
      call.stream("application/json");
      var since = time(call.query("since"), null);
      var known = since == null ? List.<EngineEvent>of() : engine.eventsSince(since);
      known.stream().filter(e -> fits(e, filters)).forEach(e -> call.line(view(e)));
      pass(call, queue, known, filters, until);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      stop.run();
    }
    call.end();
  }

  /** An event that came between the first listening and the look back is told once. */
  private void pass(
      Call call,
      LinkedBlockingQueue<EngineEvent> queue,
      List<EngineEvent> known,
      Filters filters,
      Instant until)
      throws InterruptedException {
    while (!call.isGone() && (until == null || clock.instant().isBefore(until))) {
      var event = queue.poll(LOOK_AGAIN_MS, TimeUnit.MILLISECONDS);
      var isNews = event != null && known.stream().noneMatch(k -> k == event);
      if (isNews && fits(event, filters) && !call.isGone()) {
        call.line(view(event));
      }
    }
  }

  private static boolean fits(EngineEvent event, Filters filters) {
    var name = event.attributes().getOrDefault("name", "");
    return filters.any("type", event.type()::equals)
        && filters.any("event", event.action()::equals)
        && filters.any("container", v -> is(event, "container", v, name))
        && filters.any("network", v -> is(event, "network", v, name))
        && filters.any(
            "image", v -> is(event, "image", v, name) || v.equals(event.attributes().get("image")))
        && filters.labels(event.attributes());
  }

  private static boolean is(EngineEvent event, String type, String reference, String name) {
    return event.type().equals(type)
        && (event.id().startsWith(reference) || name.equals(reference));
  }

  private static ObjectNode view(EngineEvent event) {
    var view = JsonNodeFactory.instance.objectNode();
    if (!event.type().equals("network")) {
      view.put("status", event.action()).put("id", event.id());
      if (event.type().equals("container")) {
        view.put("from", event.attributes().get("image"));
      }
    }
    view.put("Type", event.type()).put("Action", event.action());
    var attributes = view.putObject("Actor").put("ID", event.id()).putObject("Attributes");
    event.attributes().forEach(attributes::put);
    var nanos = event.at().getEpochSecond() * 1_000_000_000L + event.at().getNano();
    return view.put("scope", "local")
        .put("time", event.at().getEpochSecond())
        .put("timeNano", nanos);
  }

  /** Seconds since the epoch with an optional fraction, or a time with zone. */
  private static Instant time(String text, Instant otherwise) {
    if (text.isEmpty() || text.equals("0")) {
      return otherwise;
    }
    try {
      if (text.matches("\\d+(\\.\\d+)?")) {
        var nanos = new BigDecimal(text).movePointRight(9).toBigInteger().longValueExact();
        return Instant.ofEpochSecond(nanos / 1_000_000_000L, nanos % 1_000_000_000L);
      }
      return Instant.parse(text);
    } catch (ArithmeticException | java.time.DateTimeException e) {
      throw new EngineRefusal(400, "invalid value for a time: " + text);
    }
  }
}
