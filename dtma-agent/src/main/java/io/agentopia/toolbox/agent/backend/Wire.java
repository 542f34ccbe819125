package io.agentopia.toolbox.agent.backend;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.agentopia.toolbox.agent.identity.Identity;
import io.agentopia.toolbox.agent.identity.InboundKey;
import io.agentopia.toolbox.agent.reconcile.ToolStatus;
import io.agentopia.toolbox.agent.reconcile.ToolView;
import io.agentopia.toolbox.agent.reconcile.ToolsSnapshot;
import io.agentopia.toolbox.agent.upgrade.Upgrade;
import io.agentopia.toolbox.agent.upgrade.WantedImage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The bodies of docs/agent-protocol.md, besides the manifest. */
public final class Wire {
  private Wire() {}

  public record JoinRequest(
      String nonce, String agentVersion, String hostname, String bootId, int agentPort) {
    @Override
    public String toString() {
      return "JoinRequest[" + hostname + "]";
    }
  }

  /**
   * @param proof HMAC-SHA256 of the token with the inbound key
   */
  public record Renewal(String proof) {
    @Override
    public String toString() {
      return "Renewal";
    }
  }

  /** What is new of an identity; null what stays as it was. */
  public record Credentials(
      String agentToken, Instant agentTokenExpiresAt, List<InboundKey> inboundKeys) {
    Identity renewed(Identity identity) {
      var kept =
          agentToken == null || agentToken.isBlank()
              ? identity
              : identity.withToken(agentToken, agentTokenExpiresAt);
      return kept.withInboundKeys(inboundKeys);
    }

    @Override
    public String toString() {
      return "Credentials";
    }
  }

  public record ToolBeat(UUID toolInstanceId, String name, ToolStatus status) {
    public static ToolBeat of(ToolView tool) {
      return new ToolBeat(tool.toolInstanceId(), tool.name(), tool.status());
    }
  }

  /**
   * What the agent says of itself.
   *
   * @param inboundKeyIds the keys this agent knows; the answer tells others if there are any
   * @param agentImage the image the agent runs from, by digest; null when it does not know
   * @param upgrade null unless a move to another image is under way, or the last one failed
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Self(
      String agentVersion,
      String bootId,
      long uptimeSeconds,
      List<String> inboundKeyIds,
      String agentImage,
      Upgrade upgrade) {}

  /**
   * @param dockerStore how the engine keeps images: {@code classic} or {@code containerd}
   * @param dockerAgeSeconds how old these words are
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Engine(
      boolean dockerReachable, String dockerVersion, String dockerStore, Long dockerAgeSeconds) {}

  /**
   * @param metrics by name: of the droplet, and how many containers run on it
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Heartbeat(
      long sequence,
      long appliedManifestGeneration,
      @JsonUnwrapped Self self,
      @JsonUnwrapped Engine engine,
      Map<String, Number> metrics,
      List<ToolBeat> tools) {}

  public record Command(String id, String type) {}

  /**
   * @param agentToken null unless renewed
   * @param heartbeatSeconds null or 0: as before
   * @param inboundKeys null unless they are others than the agent knows
   * @param agentImage null unless the agent shall run from another image than it does
   */
  public record HeartbeatReply(
      long manifestGeneration,
      Integer heartbeatSeconds,
      List<Command> commands,
      String agentToken,
      Instant agentTokenExpiresAt,
      List<InboundKey> inboundKeys,
      WantedImage agentImage,
      List<String> backendUrls) {
    public HeartbeatReply {
      commands = commands == null ? List.of() : List.copyOf(commands);
      backendUrls = backendUrls == null ? List.of() : Addresses.fit(backendUrls);
    }

    Identity renewed(Identity identity) {
      return new Credentials(agentToken, agentTokenExpiresAt, inboundKeys).renewed(identity);
    }

    @Override
    public String toString() {
      return "HeartbeatReply[manifestGeneration=" + manifestGeneration + "]";
    }
  }

  /**
   * @param start which start of the agent this is, from 1; 0 where the state file cannot keep it
   * @param number counts the reports of one start, from 1
   */
  public record Report(
      long start,
      long number,
      long appliedManifestGeneration,
      Instant observedAt,
      List<ToolView> tools) {
    static Report of(long start, long number, ToolsSnapshot seen) {
      return new Report(start, number, seen.appliedGeneration(), seen.at(), seen.tools());
    }
  }
}
