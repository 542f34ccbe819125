package io.agentopia.toolbox.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.pgclient.PgException;
import jakarta.persistence.OptimisticLockException;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;

class ProblemMappersTest {
  private final ProblemMappers mappers = new ProblemMappers();

  @Test
  void aDatabaseThatIsAwayIsToBeAskedAgainSoon() {
    for (var cause :
        new Exception[] {
          new PgException("the database system is starting up", "FATAL", "57P03", null),
          new IllegalStateException(new ConnectException("Connection refused"))
        }) {
      var answer = mappers.anythingElse(cause);
      assertThat(answer.getStatus()).isEqualTo(503);
      assertThat(answer.getHeaderString("Retry-After")).isEqualTo("2");
      assertThat(((Problem) answer.getEntity()).type()).endsWith("database_away");
    }
  }

  @Test
  void whoeverWasOvertakenAsksAgain() {
    var answer = mappers.anythingElse(new OptimisticLockException());
    assertThat(answer.getStatus()).isEqualTo(503);
    assertThat(answer.getHeaderString("Retry-After")).isNotNull();
  }

  /** The cause is for the log: it may hold what nobody outside should read. */
  @Test
  void anyOtherFailureIsOursAndSaysNoMoreThanWhereToLook() {
    var answer = mappers.anythingElse(new IllegalArgumentException("the inside of it"));
    assertThat(answer.getStatus()).isEqualTo(500);
    assertThat(answer.getEntity().toString()).doesNotContain("the inside of it");
  }
}
