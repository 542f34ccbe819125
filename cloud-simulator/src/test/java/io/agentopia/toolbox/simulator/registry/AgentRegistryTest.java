package io.agentopia.toolbox.simulator.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.agentopia.toolbox.simulator.fault.Fault;
import io.agentopia.toolbox.simulator.fault.FaultBook;
import io.agentopia.toolbox.simulator.fault.FaultKind;
import io.agentopia.toolbox.simulator.fault.Match;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentRegistryTest {
  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final FaultBook faults = new FaultBook(new Random(1));
  private final HttpClient http = HttpClient.newHttpClient();
  private int port;
  private AgentRegistry registry;

  @BeforeEach
  void open() throws IOException {
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    registry = new AgentRegistry(vertx, faults, port, directory).open();
  }

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void everyTagHasADigestOfItsOwnTheSameInEveryRepository() throws Exception {
    var one = digest("agentopia/dtma", "v0.1.0");
    assertThat(one).matches("sha256:[0-9a-f]{64}");
    assertThat(digest("elsewhere/agent", "v0.1.0")).isEqualTo(one);
    assertThat(digest("agentopia/dtma", "v0.2.0")).isNotEqualTo(one);
    assertThat(registry.pinned("127.0.0.1:" + port + "/agentopia/dtma", "v0.1.0"))
        .contains("127.0.0.1:" + port + "/agentopia/dtma@" + one);
    assertThat(registry.pinned("docker.io/agentopia/dtma", "v0.1.0")).isEmpty();
  }

  @Test
  void aDigestIsFoundAlsoByTheNextSimulator() throws Exception {
    var digest = digest("agentopia/dtma", "v0.1.0");
    assertThat(get("agentopia/dtma/manifests/sha256:" + "0".repeat(64)).statusCode())
        .isEqualTo(404);
    close();
    var again = Vertx.vertx();
    new AgentRegistry(again, faults, port, directory).open();
    assertThat(get("agentopia/dtma/manifests/" + digest).statusCode()).isEqualTo(200);
    again.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void aFaultOfPullsStrikesHere() throws Exception {
    var match = new Match(null, null, null, null, null, null, ".*agentopia/dtma@sha256:.*");
    faults.add(List.of(new Fault("1", FaultKind.PULL_FAILS, 1, 1, match, 503, 0, 0)));
    var digest = digest("agentopia/dtma", "v0.1.0");
    assertThat(get("agentopia/dtma/manifests/" + digest).statusCode()).isEqualTo(503);
    assertThat(get("agentopia/dtma/manifests/" + digest).statusCode()).isEqualTo(200);
  }

  @Test
  void aRealEnginePullsByDigest() throws Exception {
    try (var docker = engine()) {
      assumeThat(answers(docker)).as("no Docker engine answers").isTrue();
      var image = "127.0.0.1:" + port + "/agentopia/dtma@" + digest("agentopia/dtma", "v0.3.0");
      docker.pullImageCmd(image).start().awaitCompletion();
      assertThat(docker.inspectImageCmd(image).exec().getRepoDigests()).contains(image);
      docker.removeImageCmd(image).exec();
      var absent = image.replaceFirst("@.*", "@sha256:" + "0".repeat(64));
      assertThatThrownBy(() -> docker.pullImageCmd(absent).start().awaitCompletion())
          .isInstanceOf(RuntimeException.class);
    }
  }

  private static DockerClient engine() {
    var config = DefaultDockerClientConfig.createDefaultConfigBuilder().build();
    var transport =
        new ZerodepDockerHttpClient.Builder().dockerHost(config.getDockerHost()).build();
    return DockerClientImpl.getInstance(config, transport);
  }

  private static boolean answers(DockerClient docker) {
    try {
      docker.pingCmd().exec();
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }

  private String digest(String repository, String tag) throws Exception {
    return get(repository + "/manifests/" + tag)
        .headers()
        .firstValue("Docker-Content-Digest")
        .orElseThrow();
  }

  private HttpResponse<String> get(String path) throws Exception {
    var uri = URI.create("http://127.0.0.1:" + port + "/v2/" + path);
    return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }
}
