package io.agentopia.toolbox.agent.reconcile;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Why a tool is {@code failed}. */
public enum ErrorCode {
  IMAGE_PULL_FAILED,
  IMAGE_NOT_FOUND,
  /** The droplet's engine cannot unpack the image's layers. */
  ENGINE_TOO_OLD,
  CREATE_FAILED,
  START_FAILED,
  /** It ran and ended by itself, again and again. */
  EXITED,
  DOCKER_UNAVAILABLE;

  @JsonValue
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
