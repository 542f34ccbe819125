package io.agentopia.toolbox.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What agents say of themselves: written by the agents' edge of the API gateway. */
public sealed interface AgentEvent extends Event {

  /** Raw numbers of the droplet, as far as its agent knows them. */
  record Metrics(Map<Measurement, Number> values) {
    public Metrics {
      var known = new EnumMap<Measurement, Number>(Measurement.class);
      values.forEach(
          (m, n) -> known.put(m, m.isWhole() ? (Number) n.longValue() : n.doubleValue()));
      values = Collections.unmodifiableMap(known);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Metrics fromWire(Map<String, Number> said) {
      var known = new EnumMap<Measurement, Number>(Measurement.class);
      said.forEach(
          (name, number) -> {
            if (number != null) {
              Measurement.fromWire(name).ifPresent(m -> known.put(m, number));
            }
          });
      return new Metrics(known);
    }

    @JsonValue
    Map<String, Number> wire() {
      var said = new LinkedHashMap<String, Number>();
      values.forEach((measurement, number) -> said.put(measurement.wire(), number));
      return said;
    }

    /** Empty where the agent did not say. */
    public OptionalDouble of(Measurement measurement) {
      var number = values.get(measurement);
      return number == null ? OptionalDouble.empty() : OptionalDouble.of(number.doubleValue());
    }
  }

  record ToolBeat(@Nullable UUID toolInstanceId, @Nullable String name, @Nullable String status) {}

  /**
   * How the agent's move to another image of itself goes, since it was asked for.
   *
   * @param image the one it shall move to, by digest
   * @param reason why it failed, one sentence
   */
  record AgentUpgrade(String image, UpgradeOutcome outcome, @Nullable String reason) {
    public AgentUpgrade {
      Required.text("image", image);
      Required.value("outcome", outcome);
    }
  }

  /**
   * One beat, on {@link Topics#AGENT_HEARTBEATS}; {@code sequence} counts the beats of one start of
   * the agent.
   *
   * @param dockerStore how the engine keeps images, {@code classic} or {@code containerd}; null of
   *     an agent that does not say
   * @param agentImage the image that the agent runs from, by digest; null when it does not know
   * @param upgrade null unless an upgrade is under way, or the last one failed
   * @param unfit the fields of what the agent said that did not fit, and are absent or cut
   */
  record AgentHeartbeat(
      @JsonUnwrapped Subject subject,
      @Nullable String agentVersion,
      @Nullable String bootId,
      long uptimeSeconds,
      long appliedManifestGeneration,
      boolean dockerReachable,
      @Nullable String dockerVersion,
      @Nullable String dockerStore,
      @Nullable Metrics metrics,
      List<ToolBeat> tools,
      @Nullable String agentImage,
      @Nullable AgentUpgrade upgrade,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> unfit)
      implements AgentEvent {
    public AgentHeartbeat {
      tools = tools == null ? List.of() : List.copyOf(tools);
      unfit = unfit == null ? List.of() : List.copyOf(unfit);
    }
  }

  /**
   * One tool as the agent sees it. Field meanings and the values of {@code status} and {@code
   * errorCode} are those of docs/agent-protocol.md.
   */
  record ToolState(
      UUID toolInstanceId,
      @Nullable String name,
      String status,
      @Nullable String image,
      @Nullable String containerId,
      @Nullable Instant startedAt,
      @Nullable Integer exitCode,
      int restartCount,
      long revision,
      long restarts,
      List<ToolSpec.Port> ports,
      @Nullable String errorCode,
      @Nullable String message,
      @Nullable String logTail) {
    public ToolState {
      Required.value("toolInstanceId", toolInstanceId);
      Required.text("status", status);
      ports = ports == null ? List.of() : List.copyOf(ports);
    }
  }

  /**
   * All tools of the droplet, on {@link Topics#AGENT_REPORTS}, when one of them or the applied
   * manifest changed.
   */
  record AgentReport(
      @JsonUnwrapped Subject subject,
      long appliedManifestGeneration,
      Instant observedAt,
      List<ToolState> tools)
      implements AgentEvent {
    public AgentReport {
      Required.value("observedAt", observedAt);
      tools = tools == null ? List.of() : List.copyOf(tools);
    }
  }
}
