package io.agentopia.toolbox.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentopia.toolbox.embedded.process.Ending;
import io.agentopia.toolbox.embedded.process.Signal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

class EmbeddedDatabaseTest {
  @TempDir Path dir;
  private final int port = Ports.anyFree();

  @BeforeAll
  static void quiet() {
    Logging.configure();
  }

  @AfterEach
  void noServerStays() throws Exception {
    LeftBehindServer.stop(data());
  }

  @Test
  void afterKill9OfItsProcessTheServerLeftBehindIsStoppedAndTheDataAreThere() throws Exception {
    var first = started();
    query("create table kept as select 42 as answer");
    assertThat(query("show fsync")).isEqualTo("on");
    assertThat(query("show synchronous_commit")).isEqualTo("on");
    var leftBehind = ProcessHandle.of(LeftBehindServer.pid(data()).orElseThrow()).orElseThrow();
    first.destroyForcibly().waitFor();
    assertThat(Ending.isGone(leftBehind)).as("PostgreSQL outlives its starter").isFalse();

    var second = started();
    assertThat(Ending.isGone(leftBehind)).isTrue();
    assertThat(query("select answer from kept")).isEqualTo("42");

    second.destroy();
    second.waitFor();
    assertThat(LeftBehindServer.pid(data())).as("a server after SIGTERM").isEmpty();
  }

  @Test
  void whenTheServerDiesItsProcessEndsTooAndTheNextOneServes() throws Exception {
    var process = started();
    query("create table kept as select 42 as answer");
    Signal.KILL.send(LeftBehindServer.pid(data()).orElseThrow());
    assertThat(process.waitFor()).isEqualTo(1);

    var next = started();
    assertThat(query("select answer from kept")).isEqualTo("42");
    next.destroy();
    next.waitFor();
  }

  @Test
  void aDirectoryThatInitdbDidNotFinishIsMadeAnew() throws Exception {
    Files.createDirectories(data());
    Files.writeString(data().resolve("postgresql.conf"), "half made");
    try (var database = EmbeddedDatabase.start(data(), port, List.of("app"))) {
      assertThat(database.pid()).isPresent();
      assertThat(query("select 1")).isEqualTo("1");
    }
  }

  private Path data() {
    return dir.resolve("data");
  }

  private Process started() throws Exception {
    var process = JavaProcess.start(DatabaseMain.class, dir, port, "app");
    var ready = DatabaseMain.readyFile(dir);
    await().atMost(Duration.ofSeconds(60)).until(() -> ready.isOf(process.pid()));
    return process;
  }

  private String query(String sql) throws SQLException {
    var source = new PGSimpleDataSource();
    source.setUrl("jdbc:postgresql://127.0.0.1:" + port + "/app");
    source.setUser(EmbeddedDatabase.USER);
    try (var connection = source.getConnection();
        var statement = connection.createStatement()) {
      if (!statement.execute(sql)) {
        return null;
      }
      var rows = statement.getResultSet();
      rows.next();
      return rows.getString(1);
    }
  }
}
