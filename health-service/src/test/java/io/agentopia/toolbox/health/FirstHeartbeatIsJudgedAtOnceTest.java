package io.agentopia.toolbox.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentopia.toolbox.health.FirstHeartbeatIsJudgedAtOnceTest.RareRounds;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rounds are so rare here that nothing but the heartbeat itself can have been what woke it. */
@QuarkusTest
@TestProfile(RareRounds.class)
@QuarkusTestResource(EmbeddedStackResource.class)
class FirstHeartbeatIsJudgedAtOnceTest {
  public static class RareRounds implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("health.judge-every", "10M", "health.silence", "10M");
    }
  }

  private final Story story = new Story();

  @Test
  void ofAToolboxThatIsNotHealthyYet() {
    story.ready(1, 1);
    await().until(() -> "starting".equals(story.document("status")));
    story.beat(1);
    await().atMost(Duration.ofSeconds(10)).until(() -> !story.healthy().isEmpty());
    assertThat(story.<String>document("status")).isEqualTo("healthy");
  }
}
