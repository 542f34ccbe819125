package io.agentopia.toolbox.provisioner;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.runtime.retention.Retention;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.quarkus.arc.All;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Every statement that forgets is one that this database takes, and takes nothing that is young.
 */
@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
class RetentionsTest {
  @Inject @All List<Retention> retentions;
  @Inject Pool pool;

  @Test
  void eachStatementRunsAndFindsNothingOfThatAge() {
    assertThat(retentions).hasSize(2);
    var longAgo = Tuple.of(OffsetDateTime.now().minusYears(20), 500);
    for (var retention : retentions) {
      assertThat(retention.keep()).isGreaterThan(Duration.ofDays(1));
      for (var sql : retention.deletes()) {
        var deleted =
            pool.preparedQuery(sql).execute(longAgo).await().atMost(Duration.ofSeconds(20));
        assertThat(deleted.rowCount()).isZero();
      }
    }
  }
}
