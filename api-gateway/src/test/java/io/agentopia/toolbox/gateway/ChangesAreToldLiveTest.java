package io.agentopia.toolbox.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxLifecycle.*;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.agentopia.toolbox.testing.Told;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** Changes are told to those who listen. The services behind the gateway are fakes. */
@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
@QuarkusTestResource(FakeServices.class)
class ChangesAreToldLiveTest extends GatewayCase {
  @Inject DataSource database;

  @Test
  void changesAreToldLiveToTheirAccountOnly() throws Exception {
    var name = unique();
    var id = create(name);
    var mine =
        listen(
            "/v1/toolboxes/" + id + "/events",
            "tbx_key_of_account_one",
            "\"status\":\"provisioning\"");
    accepted(id, name);
    bus.publish(
        Told.dropletCreated(new Subject(id, "acct-1", 1, 2), ToolboxStatus.PROVISIONING, 41, "d"));
    assertThat(mine.get(20, java.util.concurrent.TimeUnit.SECONDS))
        .contains("event:toolbox")
        .contains(id.toString());
    as("tbx_key_of_account_two").get("/v1/toolboxes/" + id + "/events").then().statusCode(404);
  }

  @Test
  void whenChangesMayHaveBeenMissedTheListenersAreToldToReadAnew() throws Exception {
    var id = create(unique());
    var stream =
        listen("/v1/toolboxes/" + id + "/events", "tbx_key_of_account_one", "event:resync");
    await()
        .pollInterval(Duration.ofMillis(300))
        .until(
            () -> {
              try (var connection = database.getConnection();
                  var statement = connection.createStatement()) {
                statement.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity where query = 'select"
                        + " ''view_changed'''");
              }
              return stream.isDone();
            });
    assertThat(stream.get()).contains("event:resync");
  }

  /** Reads server-sent events until one holds the text. */
  private static CompletableFuture<String> listen(String path, String key, String until) {
    var port = ConfigProvider.getConfig().getValue("quarkus.http.test-port", Integer.class);
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Authorization", "Bearer " + key)
            .header("Accept", "text/event-stream")
            .build();
    return HttpClient.newHttpClient()
        .sendAsync(request, BodyHandlers.ofLines())
        .thenApplyAsync(
            response -> {
              var seen = new StringBuilder();
              for (var lines = response.body().iterator(); lines.hasNext(); ) {
                seen.append(lines.next()).append('\n');
                if (seen.indexOf(until) >= 0) {
                  return seen.toString();
                }
              }
              return seen.toString();
            });
  }
}
