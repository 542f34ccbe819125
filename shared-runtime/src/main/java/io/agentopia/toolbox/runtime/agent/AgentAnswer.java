package io.agentopia.toolbox.runtime.agent;

import io.vertx.core.buffer.Buffer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What an agent's port answered, whole.
 *
 * @param type the media type as it was sent, or null
 */
record AgentAnswer(int status, @Nullable String type, Buffer body) {
  boolean isJson() {
    return type != null
        && type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals("application/json");
  }
}
