package io.agentopia.toolbox.provisioner.cloud.digitalocean;

import io.agentopia.toolbox.provisioner.cloud.budget.Answer;
import jakarta.ws.rs.core.Response;
import java.time.Duration;

/** What became of a call to DigitalOcean. */
sealed interface Reply {

  /**
   * @param limits what its headers say of the rate limits
   */
  record Answered(Response response, Answer limits) implements Reply {
    int status() {
      return response.getStatus();
    }
  }

  /** It went out, perhaps, and no answer came. */
  record Failed(Throwable cause) implements Reply {}

  /** It did not go out: the budget has no call for it. */
  record Held(Duration retryAfter, String reason) implements Reply {}
}
