package io.agentopia.toolbox.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** Who hangs up in the middle of a request leaves nothing behind that holds others up. */
@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
@QuarkusTestResource(FakeServices.class)
class HungUpRequestTest {
  private static final int CALLERS = 8;

  @Inject DataSource database;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private record Wish(String key, String body) {
    static Wish next() {
      var name = "hung-" + UUID.randomUUID().toString().substring(0, 8);
      return new Wish(
          UUID.randomUUID().toString(),
          "{\"name\": \"%s\", \"region\": \"nyc3\", \"size\": \"s-1vcpu-1gb\"}".formatted(name));
    }
  }

  private HttpResponse<String> send(Wish wish, Duration patience) throws Exception {
    var port = ConfigProvider.getConfig().getValue("quarkus.http.port", Integer.class);
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/toolboxes"))
            .timeout(patience)
            .header("Authorization", "Bearer tbx_key_of_account_one")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", wish.key())
            .POST(BodyPublishers.ofString(wish.body()))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  @Test
  void theirRequestsAreCarriedOutAndNoTransactionStaysOpen() throws Exception {
    var wishes = new ArrayList<Wish>();
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("lock table outbox in exclusive mode");
      for (var i = 0; i < CALLERS; i++) {
        var wish = Wish.next();
        wishes.add(wish);
        assertThatThrownBy(() -> send(wish, Duration.ofMillis(400)))
            .isInstanceOf(HttpTimeoutException.class);
      }
      connection.rollback();
      connection.setAutoCommit(true);
    }
    for (var wish : wishes) {
      assertThat(send(wish, Duration.ofSeconds(20)).statusCode()).isEqualTo(202);
    }
    await().atMost(Duration.ofSeconds(5)).until(() -> openTransactions().isEmpty());
  }

  private List<String> openTransactions() throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "select query from pg_stat_activity where datname = current_database()"
                    + " and state like 'idle in transaction%'")) {
      var found = new ArrayList<String>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    }
  }
}
