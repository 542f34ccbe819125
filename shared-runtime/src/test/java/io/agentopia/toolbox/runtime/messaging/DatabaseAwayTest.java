package io.agentopia.toolbox.runtime.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.VertxException;
import io.vertx.core.impl.NoStackTraceThrowable;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DatabaseAwayTest {
  static List<Throwable> away() {
    return List.of(
        new NoStackTraceThrowable("Timeout"),
        new VertxException("Timeout waiting for connection", true),
        new VertxException("Pool closed", true),
        new IllegalStateException(new VertxException("Connection closed", true)),
        new IOException("reset"));
  }

  @ParameterizedTest
  @MethodSource("away")
  void noConnectionCanBeHad(Throwable thrown) {
    assertThat(DatabaseAway.is(thrown)).isTrue();
  }

  static List<Throwable> ofOthers() {
    return List.of(
        new VertxException("The timeout period of 2000ms has been exceeded", true),
        new java.util.concurrent.TimeoutException("Timeout"),
        new IllegalStateException("Timeout"));
  }

  @ParameterizedTest
  @MethodSource("ofOthers")
  void anotherOnesSilenceIsNotTheDatabases(Throwable thrown) {
    assertThat(DatabaseAway.is(thrown)).isFalse();
  }
}
