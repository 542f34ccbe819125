package io.agentopia.toolbox.runtime.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.events.UnreadableEventException;
import io.agentopia.toolbox.events.UnreadableEventException.Reason;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class FailureTest {
  @Test
  void whatCannotBeReadIsPermanent() {
    assertThat(Failure.of(new UnreadableEventException(Reason.BAD_JSON, "broken", null)))
        .isEqualTo(new Failure.Permanent("unreadable_bad_json", "broken"));
  }

  @Test
  void whatAHandlerCallsPermanentOrTransientIs() {
    assertThat(Failure.of(new PermanentFailure("foreign", "no")))
        .isEqualTo(new Failure.Permanent("foreign", "no"));
    assertThat(Failure.of(new TransientFailure("early", "wait")))
        .isEqualTo(new Failure.Transient("early", "wait"));
  }

  @Test
  void theWorldAroundUsIsTransientAndOurOwnMistakesAreBugs() {
    assertThat(Failure.of(new IOException("reset"))).isInstanceOf(Failure.Transient.class);
    assertThat(Failure.of(new TimeoutException())).isInstanceOf(Failure.Transient.class);
    assertThat(Failure.of(new NullPointerException())).isInstanceOf(Failure.Bug.class);
    assertThat(Failure.of(new IllegalStateException("x"))).isInstanceOf(Failure.Bug.class);
  }
}
