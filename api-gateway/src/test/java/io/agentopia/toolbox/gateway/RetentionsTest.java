package io.agentopia.toolbox.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.runtime.retention.Retention;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.agentopia.toolbox.testing.OldRows;
import io.quarkus.arc.All;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/**
 * Every statement that forgets is one that this database takes, and takes nothing that is young.
 */
@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
@QuarkusTestResource(FakeServices.class)
class RetentionsTest {
  @Inject @All List<Retention> retentions;
  @Inject DataSource database;

  @Test
  void eachStatementRunsAndFindsNothingOfThatAge() throws SQLException {
    assertThat(retentions).hasSize(6);
    assertThat(retentions)
        .filteredOn(r -> !r.what().equals("retries whose time is over"))
        .hasSize(5)
        .allMatch(r -> r.keep().compareTo(Duration.ofDays(1)) >= 0);
    for (var sql : retentions.stream().flatMap(r -> r.deletes().stream()).toList()) {
      assertThat(OldRows.deletedBy(sql, database)).as(sql).isZero();
    }
  }
}
