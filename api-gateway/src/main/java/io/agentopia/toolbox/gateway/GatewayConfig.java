package io.agentopia.toolbox.gateway;

import io.smallrye.config.ConfigMapping;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Settings of the gateway. */
@ConfigMapping(prefix = "gateway")
public interface GatewayConfig {
  /** Signs the sessions of the web page, at least 32 characters (environment: SESSION_SECRET). */
  @NotBlank
  @Size(min = 32)
  String sessionSecret();

  /**
   * Keys that exist from the start: {@code account:role:key} (environment:
   * TOOLBOX_BOOTSTRAP_API_KEYS).
   */
  Optional<List<String>> bootstrapApiKeys();

  /** How many dead letters a replay publishes in a second, where it asks for no other rate. */
  @Min(1)
  @Max(1000)
  int replaysPerSecond();

  /** How long dead letters are kept once they were replayed or discarded. */
  Duration deadLetterRetention();

  /** How long dead letters are kept that nobody replayed or discarded, and their audit. */
  Duration unhandledLetterRetention();

  /** How long a deleted toolbox is shown, with its timeline and tools. */
  Duration deletedToolboxRetention();

  /**
   * Where agents shall call this gateway, the preferred address first; none: where they were told
   * at their boot. To move, the new one in front of the old one, for as long as toolboxes call the
   * old one.
   */
  Optional<List<@Pattern(regexp = "https?://[^/?#@\\s]+(/[^?#\\s]*)?") String>> publicUrls();

  /** So many calls a toolbox's agent may make in a minute, at each instance. */
  @Min(1)
  int agentCallsPerMinute();

  /** How long a call that wakes an agent may take. */
  Duration wakeTimeout();

  /** How often agents send a heartbeat. */
  Duration heartbeatEvery();

  /** How long an agent's token is valid; it is renewed after two thirds. */
  Duration agentTokenValidity();

  /**
   * How long after its end an agent that was away can still have its token renewed. No longer than
   * the overlap of a key rotation is of use.
   */
  Duration agentTokenGrace();

  /** How long the audit of refused credentials is kept. */
  Duration credentialAuditRetention();

  /** What accounts may have and keys may do, where an operator has allowed nothing else. */
  Quotas quotas();

  /** As {@link Quota} has it. */
  interface Quotas {
    @Min(0)
    int toolboxes();

    @Min(1)
    int requestsPerMinute();

    @Min(1)
    int streams();

    /** These, but for what an operator has allowed an account instead; null: nothing. */
    default Quota with(Integer toolboxes, Integer requestsPerMinute, Integer streams) {
      return new Quota(
          Objects.requireNonNullElse(toolboxes, toolboxes()),
          Objects.requireNonNullElse(requestsPerMinute, requestsPerMinute()),
          Objects.requireNonNullElse(streams, streams()));
    }
  }
}
