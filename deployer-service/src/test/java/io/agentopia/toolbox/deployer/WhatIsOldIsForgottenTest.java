package io.agentopia.toolbox.deployer;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.runtime.retention.Forgetting;
import io.agentopia.toolbox.runtime.work.VertxContexts;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Removed tools and deleted toolboxes go when their time has come, and nothing else does. */
@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
class WhatIsOldIsForgottenTest {
  @Inject Forgetting forgetting;
  @Inject VertxContexts contexts;
  @Inject DataSource database;

  @Test
  void rowsGoWhenTheirTimeHasCome() throws SQLException {
    var deleted = toolbox("deprovisioned", 91);
    var deletedLately = toolbox("deprovisioned", 89);
    var active = toolbox("active", 400);
    tools(deleted, "running", 400, 700);
    tools(active, "removed", 31, 1200);
    tools(active, "removed", 29, 3);
    tools(active, "running", 400, 2);

    contexts.run(() -> forgetting.forget()).join();

    assertThat(count("toolboxes where id = '" + deleted + "'")).isZero();
    assertThat(count("toolboxes where id = '" + deletedLately + "'")).isEqualTo(1);
    assertThat(count("account_tool_instances where toolbox_id = '" + active + "'")).isEqualTo(5);
  }

  private UUID toolbox(String status, int days) throws SQLException {
    var id = UUID.randomUUID();
    run(
        "insert into toolboxes (id, account_id, status, generation, healthy,"
            + " manifest_generation, sequence, lifecycle_sequence, health_sequence, report_sequence,"
            + " version, created_at, updated_at) values ('%s', 'a', '%s', 1, false, 0, 0, 0, 0, 0, 0,"
                .formatted(id, status)
            + " now(), now() - interval '%d days')".formatted(days));
    return id;
  }

  private void tools(UUID toolbox, String status, int days, int number) throws SQLException {
    run(
        "insert into account_tool_instances (id, toolbox_id, account_id, name, image, spec, status,"
            + " standing, desired, revision, restarts, asked_in, version, created_at, updated_at)"
            + " select gen_random_uuid(), '%s', 'a', gen_random_uuid()::text, 'i', '{}', '%s', 'gone',"
                .formatted(toolbox, status)
            + " 'removed', 1, 0, 0, 0, now(), now() - interval '%d days' from generate_series(1, %d)"
                .formatted(days, number));
  }

  private int count(String what) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select count(*) from " + what)) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private void run(String sql) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
