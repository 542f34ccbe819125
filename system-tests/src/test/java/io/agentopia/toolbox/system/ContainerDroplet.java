package io.agentopia.toolbox.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/** One droplet, looked at from the outside and, with docker exec, from the inside. */
final class ContainerDroplet {
  private final Api cloud;
  private final long id;
  private final Duration patience;

  ContainerDroplet(Api cloud, long id, Duration patience) {
    this.cloud = cloud;
    this.id = id;
    this.patience = patience;
  }

  /** What a command inside said, whether it ended well or not. */
  String said(String... command) {
    var all = new ArrayList<>(List.of("docker", "exec", container()));
    all.addAll(List.of(command));
    return run(all).said;
  }

  boolean runs(String containerId) {
    return said("docker", "ps", "-q", "--no-trunc").contains(containerId);
  }

  boolean exists() {
    return run(List.of("docker", "container", "inspect", container())).status == 0;
  }

  void awaitGone(String file) {
    await(
        file + " to be gone",
        () -> run(List.of("docker", "exec", container(), "test", "-e", file)).status == 1);
  }

  /** Returns when the cloud says that it has been done. */
  void reboot() {
    var bootBefore = said("systemctl", "show", "-p", "UserspaceTimestampMonotonic", "--value");
    var action = cloud.post("/v2/droplets/" + id + "/actions", "{\"type\": \"reboot\"}");
    assertThat(action.status()).as("%s", action.body()).isEqualTo(201);
    var path = "/v2/actions/" + action.body().at("/action/id").asLong();
    await("the reboot", () -> "completed".equals(cloud.get(path).text("/action/status")));
    await(
        "another systemd",
        () -> {
          var now = said("systemctl", "show", "-p", "UserspaceTimestampMonotonic", "--value");
          return now.strip().matches("\\d+") && !now.equals(bootBefore);
        });
  }

  void deleteOutside() {
    assertThat(cloud.delete("/v2/droplets/" + id).status()).isEqualTo(204);
  }

  void await(String what, Callable<Boolean> fact) {
    Awaitility.await(what).atMost(patience).pollInterval(Duration.ofMillis(250)).until(fact);
  }

  private String container() {
    return "droplet-" + id;
  }

  private record Ended(int status, String said) {}

  private static Ended run(List<String> command) {
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Ended(process.waitFor(), said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
