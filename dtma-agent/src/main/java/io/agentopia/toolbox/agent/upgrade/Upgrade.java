package io.agentopia.toolbox.agent.upgrade;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import io.agentopia.toolbox.agent.identity.ImageHistory;
import java.util.Locale;

/**
 * How far a move to another image has come, as heartbeats and {@code /status} tell it.
 *
 * @param reason why it failed; null unless it did
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Upgrade(String image, Outcome outcome, String reason) {

  /** Success is not told: the agent then says that it runs from the image. */
  public enum Outcome {
    PULLING,
    STARTING,
    FAILED;

    @JsonValue
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Upgrade of(ImageHistory.Failed failed) {
    return new Upgrade(failed.image(), Outcome.FAILED, failed.reason());
  }
}
