package io.agentopia.toolbox.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  /** Returns when another systemd runs. */
  void reboot() {
    var bootBefore = bootTime();
    act("reboot");
    awaitBootAfter(bootBefore);
  }

  /** As when somebody pulls the plug, and puts it in again. */
  void cutPowerAndGiveItBack() {
    var bootBefore = bootTime();
    act("power_off");
    assertThat(cloud.get("/v2/droplets/" + id).text("/droplet/status")).isEqualTo("off");
    // The cloud's clock says when it is off; on a busy machine the container takes a moment more.
    await("the container to have stopped", () -> !runs());
    act("power_on");
    awaitBootAfter(bootBefore);
  }

  /** Returns when the cloud says that it has been done. */
  private void act(String type) {
    var action = cloud.post("/v2/droplets/" + id + "/actions", "{\"type\": \"" + type + "\"}");
    assertThat(action.status()).as("%s", action.body()).isEqualTo(201);
    var path = "/v2/actions/" + action.body().at("/action/id").asLong();
    await(type, () -> "completed".equals(cloud.get(path).text("/action/status")));
  }

  private String bootTime() {
    return said("systemctl", "show", "-p", "UserspaceTimestampMonotonic", "--value");
  }

  private void awaitBootAfter(String before) {
    await(
        "another systemd", () -> bootTime().strip().matches("\\d+") && !bootTime().equals(before));
  }

  private boolean runs() {
    var state = run(List.of("docker", "inspect", "-f", "{{.State.Running}}", container()));
    return state.said.strip().equals("true");
  }

  /** Everything that somebody on the droplet, or beside it, could read, by where it stands. */
  Map<String, String> everythingReadable() {
    var texts = new LinkedHashMap<String, String>();
    texts.put("user-data", said("cat", "/var/lib/cloud/instance/user-data.txt"));
    texts.put("cloud-init's files", said("sh", "-c", "cat /var/log/cloud-init*.log"));
    texts.put("the journal", said("journalctl", "--no-pager", "-o", "cat"));
    texts.put("docker inspect", said("sh", "-c", "docker inspect $(docker ps -aq)"));
    texts.put("docker logs", said("docker", "logs", "dtma"));
    texts.put("process arguments", said("ps", "-eo", "args"));
    texts.put("settings", said("sh", "-c", "cat /etc/agentopia/*"));
    texts.put("docker inspect of the droplet", run(List.of("docker", "inspect", container())).said);
    texts.forEach((where, text) -> assertThat(text).as(where).hasSizeGreaterThan(20));
    return texts;
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
