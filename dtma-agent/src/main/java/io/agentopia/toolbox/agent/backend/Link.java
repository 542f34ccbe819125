package io.agentopia.toolbox.agent.backend;

import io.agentopia.toolbox.agent.identity.StateStore;
import io.agentopia.toolbox.agent.loop.Backoff;
import java.time.Clock;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/**
 * What every conversation with the control plane needs.
 *
 * @param unavailable pauses while nobody answers
 * @param refused pauses while the answer is no
 * @param gone called with what was said when the toolbox was deleted
 */
public record Link(
    ControlPlane controlPlane,
    StateStore state,
    Clock clock,
    DoubleSupplier random,
    Backoff unavailable,
    Backoff refused,
    Consumer<String> gone) {

  Pacer pacer() {
    return new Pacer(unavailable, refused, random);
  }

  String token() {
    return state.current().identity().agentToken();
  }
}
