package io.agentopia.toolbox.simulator.docker.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReachTest {
  @ParameterizedTest
  @CsvSource({
    "ghcr.io, WORLD",
    "registry-1.docker.io, WORLD",
    "quay.io, WORLD",
    "myexample.com, WORLD",
    "latest.io, WORLD",
    "8.8.8.8, WORLD",
    "172.32.0.1, WORLD",
    "localhost, NEAR",
    "LOCALHOST, NEAR",
    "registry.localhost, NEAR",
    "registry, NEAR",
    "nas.local, NEAR",
    "registry.home.arpa, NEAR",
    "registry.internal, NEAR",
    "127.0.0.1, NEAR",
    "127.9.9.9, NEAR",
    "10.77.3.1, NEAR",
    "172.16.0.1, NEAR",
    "192.168.1.1, NEAR",
    "169.254.1.1, NEAR",
    "0.0.0.0, NEAR",
    "invalid, NO_HOST",
    "registry.invalid, NO_HOST",
    "Registry.Invalid, NO_HOST",
    "a.b.test, NO_HOST",
    "registry.example, NO_HOST",
    "example.com, NO_HOST",
    "registry.example.net, NO_HOST",
    "registry.example.org, NO_HOST",
    "hidden.onion, NO_HOST",
    "999.1.1.1, NO_HOST",
    "192.0.2.1, NO_ANSWER",
    "198.51.100.9, NO_ANSWER",
    "203.0.113.1, NO_ANSWER",
    "224.0.0.1, NO_ANSWER"
  })
  void isKnownByTheHostsName(String host, Reach expected) {
    assertThat(Reach.of(host)).isEqualTo(expected);
  }

  @Test
  void dockerHubIsOfTheWorld() {
    assertThat(Reach.of(null)).isEqualTo(Reach.WORLD);
  }
}
