package io.agentopia.toolbox.gateway.agent;

import io.agentopia.toolbox.events.AgentEvent.AgentHeartbeat;
import io.agentopia.toolbox.events.AgentEvent.AgentReport;
import io.agentopia.toolbox.events.AgentEvent.AgentUpgrade;
import io.agentopia.toolbox.events.AgentEvent.Metrics;
import io.agentopia.toolbox.events.AgentEvent.ToolBeat;
import io.agentopia.toolbox.events.AgentEvent.ToolState;
import io.agentopia.toolbox.events.Measurement;
import io.agentopia.toolbox.events.Rules;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolSpec;
import io.agentopia.toolbox.events.UpgradeOutcome;
import io.agentopia.toolbox.gateway.agent.TokenVerdict.Agent;
import io.agentopia.toolbox.runtime.agent.DropletWords;
import io.agentopia.toolbox.runtime.http.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What agents send, as docs/agent-protocol.md gives each field: the only place where events of
 * agents are made. Who an agent is comes from its token, never from its words. Pure.
 */
final class AgentWords {
  private static final Pattern IMAGE_BY_DIGEST =
      Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._:/-]{0,254}@sha256:[0-9a-f]{64}");
  private static final Pattern CONTAINER = Pattern.compile("[0-9a-f]{12,64}");
  private static final Pattern CODE = Pattern.compile("[a-z][a-z0-9_]{0,39}");
  private static final int VERSION = 64;
  private static final int NAME = 64;
  private static final int IMAGE = 255;
  private static final int SENTENCE = 1000;
  private static final int DETAIL = 2000;
  private static final int LOG_TAIL = 4000;
  private static final int MOST_TOOLS = 200;
  private static final int MOST_PORTS = 32;
  private static final int MOST_KEYS = 8;
  private static final long LARGEST = 1L << 53;
  private static final long MOST_STARTS = (1L << 30) - 1;
  private static final long MOST_REPORTS = (1L << 32) - 1;

  private AgentWords() {}

  /**
   * @param inboundKeyIds null where the agent does not say which it has
   */
  record Beat(AgentHeartbeat event, List<String> inboundKeyIds) {}

  static Beat heartbeat(Agent agent, byte[] body) {
    var said = object(body);
    var event =
        new AgentHeartbeat(
            new Subject(
                agent.toolboxId(),
                agent.accountId(),
                agent.generation(),
                said.number("sequence", 0, LARGEST, 0)),
            said.text("agentVersion", VERSION),
            said.text("bootId", VERSION),
            said.number("uptimeSeconds", 0, LARGEST, 0),
            said.number("appliedManifestGeneration", 0, LARGEST, 0),
            said.flag("dockerReachable"),
            said.text("dockerVersion", VERSION),
            said.text("dockerStore", VERSION),
            metrics(said.object("metrics")),
            toolBeats(said),
            said.matching("agentImage", IMAGE_BY_DIGEST),
            upgrade(said.object("upgrade")),
            said.unfit()); // last: all that the event has was asked for by now
    return new Beat(event, said.texts("inboundKeyIds", MOST_KEYS, NAME));
  }

  private static Metrics metrics(DropletWords said) {
    if (said == null) {
      return null;
    }
    var found = new EnumMap<Measurement, Number>(Measurement.class);
    for (var measurement : Measurement.values()) {
      if (said.says(measurement.wire())) {
        found.put(
            measurement,
            measurement.isWhole()
                ? said.number(measurement.wire(), 0, measurement.most(), 0)
                : (Number) said.decimal(measurement.wire(), 0, measurement.most()));
      }
    }
    return new Metrics(found);
  }

  private static List<ToolBeat> toolBeats(DropletWords said) {
    return said.objects("tools", MOST_TOOLS).stream()
        .map(t -> new ToolBeat(t.id("toolInstanceId"), t.text("name", NAME), t.text("status", 32)))
        .filter(beat -> beat.toolInstanceId() != null)
        .toList();
  }

  private static AgentUpgrade upgrade(DropletWords said) {
    if (said == null) {
      return null;
    }
    var image = said.matching("image", IMAGE_BY_DIGEST);
    var outcome = said.matching("outcome", CODE);
    return image == null || outcome == null
        ? null
        : new AgentUpgrade(image, new UpgradeOutcome(outcome), said.text("reason", SENTENCE));
  }

  /**
   * Ordered by the agent's own count: its start, then the report of that start. No clock of a
   * droplet's orders anything: one that does not count is ordered by when it came in.
   *
   * @param now when it came in
   */
  static AgentReport report(Agent agent, byte[] body, Instant now) {
    var said = object(body);
    refuseIfNoReport(said);
    var sequence =
        count(said.number("start", 0, MOST_STARTS, 0), said.number("number", 0, MOST_REPORTS, 0));
    var observedAt = said.instant("observedAt");
    return new AgentReport(
        new Subject(agent.toolboxId(), agent.accountId(), agent.generation(), sequence),
        said.number("appliedManifestGeneration", 0, LARGEST, 0),
        sequence == 0 || observedAt == null || observedAt.isAfter(now) ? now : observedAt,
        said.objects("tools", MOST_TOOLS).stream()
            .map(AgentWords::tool)
            .filter(Objects::nonNull)
            .toList());
  }

  /** One without its list would say that nothing is on the droplet. */
  private static void refuseIfNoReport(DropletWords said) {
    var missing = new ArrayList<Rules.Violation>();
    if (!said.says("observedAt")) {
      missing.add(new Rules.Violation("observedAt", "is missing"));
    }
    if (!said.saysList("tools")) {
      missing.add(new Rules.Violation("tools", "must be a list"));
    }
    if (!missing.isEmpty()) {
      throw Problem.invalid("The report is none.", missing).exception();
    }
  }

  private static long count(long start, long number) {
    return start == 0 || number == 0 ? 0 : start * (MOST_REPORTS + 1) + number;
  }

  private static ToolState tool(DropletWords said) {
    var id = said.id("toolInstanceId");
    var status = said.matching("status", CODE);
    return id == null || status == null
        ? null
        : new ToolState(
            id,
            said.text("name", NAME),
            status,
            said.text("image", IMAGE),
            said.matching("containerId", CONTAINER),
            said.instant("startedAt"),
            said.integer("exitCode", Integer.MIN_VALUE, Integer.MAX_VALUE),
            (int) said.number("restartCount", 0, Integer.MAX_VALUE, 0),
            said.number("revision", 0, LARGEST, 0),
            said.number("restarts", 0, LARGEST, 0),
            ports(said),
            said.matching("errorCode", CODE),
            said.text("message", SENTENCE),
            said.lastText("logTail", LOG_TAIL));
  }

  private static List<ToolSpec.Port> ports(DropletWords said) {
    var ports = new ArrayList<ToolSpec.Port>();
    for (var port : said.objects("ports", MOST_PORTS)) {
      var container = port.integer("containerPort", 1, 65535);
      if (container != null) {
        var protocol = "udp".equals(port.text("protocol", 8)) ? "udp" : "tcp";
        ports.add(new ToolSpec.Port(container, port.integer("hostPort", 1, 65535), protocol));
      }
    }
    return ports;
  }

  /** What the provisioner is asked on behalf of a droplet that boots. */
  static Map<String, Object> boot(byte[] body) {
    var said = object(body);
    return present(
        "stage", said.text("stage", 32),
        "detail", said.text("detail", DETAIL),
        "logTail", said.lastText("logTail", LOG_TAIL));
  }

  /** What the provisioner is asked on behalf of an agent that joins. */
  static Map<String, Object> join(byte[] body) {
    var said = object(body);
    return present(
        "nonce", said.text("nonce", 128),
        "agentVersion", said.text("agentVersion", VERSION),
        "hostname", said.text("hostname", 253),
        "bootId", said.text("bootId", VERSION),
        "agentPort", said.integer("agentPort", 1, 65535));
  }

  /** HMAC-SHA256 of the token with the agent's inbound key, or null. */
  static String proof(byte[] body) {
    return DropletWords.of(body).map(said -> said.text("proof", 128)).orElse(null);
  }

  private static Map<String, Object> present(Object... namesAndValues) {
    var present = new HashMap<String, Object>();
    for (var i = 0; i < namesAndValues.length; i += 2) {
      if (namesAndValues[i + 1] != null) {
        present.put((String) namesAndValues[i], namesAndValues[i + 1]);
      }
    }
    return present;
  }

  private static DropletWords object(byte[] body) {
    return DropletWords.of(body)
        .orElseThrow(
            () ->
                Problem.of(
                        400,
                        "malformed_json",
                        "The body is not readable JSON",
                        "Reading the body as a JSON object failed.",
                        "Send a JSON document as docs/agent-protocol.md shows.")
                    .exception());
  }
}
