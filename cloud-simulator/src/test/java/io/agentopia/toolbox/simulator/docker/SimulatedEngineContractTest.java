package io.agentopia.toolbox.simulator.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PullResponseItem;
import com.github.dockerjava.api.model.RestartPolicy;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.core.RemoteApiVersion;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.agentopia.toolbox.simulator.droplet.Droplet;
import io.agentopia.toolbox.simulator.droplet.Plan;
import io.agentopia.toolbox.simulator.droplet.Spec;
import io.agentopia.toolbox.simulator.fault.Fault;
import io.agentopia.toolbox.simulator.fault.FaultBook;
import io.agentopia.toolbox.simulator.fault.FaultKind;
import io.agentopia.toolbox.simulator.fault.Match;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatedEngineContractTest extends DockerEngineContract {
  @TempDir static Path directory;
  private static final FaultBook FAULTS = new FaultBook(new Random(1));
  private static Vertx vertx;
  private static SimulatedDocker engines;
  private static String host;

  @BeforeAll
  static void start() throws Exception {
    vertx = Vertx.vertx();
    engines = open();
    host = engines.up(droplet(), directory, null);
    try (var docker = client()) {
      pull(docker, IMAGE);
    }
  }

  @AfterAll
  static void stop() {
    engines.close();
    vertx.close();
  }

  private static SimulatedDocker open() {
    var missing = Pattern.compile(".*does-not-exist.*");
    return new SimulatedDocker(vertx, Clock.systemUTC(), FAULTS, missing, false);
  }

  private static Droplet droplet() {
    var spec = new Spec("web-1", "nyc3", "s-1vcpu-1gb", 1, false, false, false, null, null);
    var now = Instant.EPOCH;
    var plan = new Plan(null, null, Duration.ZERO, null, null, false, true);
    var born = Droplet.create(5, 6, spec, List.of(), new Droplet.Birth(now, plan), now);
    return new Droplet(
        born.id(), spec, List.of(), now, born.phase(), plan, "127.0.0.1", null, born.actions());
  }

  @Override
  String host() {
    return host;
  }

  @Override
  boolean isOnThisMachine() {
    return true;
  }

  private static DockerClient client() {
    var config =
        DefaultDockerClientConfig.createDefaultConfigBuilder()
            .withDockerHost(host)
            .withApiVersion(RemoteApiVersion.VERSION_1_43)
            .build();
    var http = new ZerodepDockerHttpClient.Builder().dockerHost(config.getDockerHost()).build();
    return DockerClientImpl.getInstance(config, http);
  }

  private static List<String> pull(DockerClient docker, String image) throws InterruptedException {
    var lines = new CopyOnWriteArrayList<String>();
    docker
        .pullImageCmd(image)
        .exec(
            new ResultCallback.Adapter<PullResponseItem>() {
              @Override
              public void onNext(PullResponseItem item) {
                lines.add(item.getStatus());
              }
            })
        .awaitCompletion(20, TimeUnit.SECONDS);
    return lines;
  }

  @Test
  void aPullTellsItsProgressAndADigestThatIsAlwaysTheSame() throws Exception {
    try (var docker = client()) {
      var first = pull(docker, "ghcr.io/acme/tool:1");
      var second = pull(docker, "ghcr.io/acme/tool:1");

      assertThat(first).contains("Pulling from acme/tool", "Downloading", "Pull complete");
      assertThat(first.getLast())
          .isEqualTo("Status: Downloaded newer image for ghcr.io/acme/tool:1");
      assertThat(second.getLast()).isEqualTo("Status: Image is up to date for ghcr.io/acme/tool:1");
      assertThat(first.stream().filter(l -> l.startsWith("Digest: sha256:")))
          .isNotEmpty()
          .containsExactlyElementsOf(
              second.stream().filter(l -> l.startsWith("Digest: ")).toList());
      var digest = docker.inspectImageCmd("ghcr.io/acme/tool:1").exec().getRepoDigests().getFirst();
      assertThat(first).contains("Digest: " + digest.substring(digest.indexOf('@') + 1));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "acme/there:1",
        "docker.io/acme/also:1",
        "ghcr.io/acme/tool",
        "8.8.8.8:5000/tool:1"
      })
  void whatThisMachineMayNotReachIsTakenAsThere(String image) throws Exception {
    try (var docker = client()) {
      assertThat(pull(docker, image).getLast()).startsWith("Status: Downloaded newer image for ");
    }
  }

  @Test
  void aRegistryOfThisMachineIsAskedForTheDigestAndATagCanMoveThere() throws Exception {
    try (var docker = client();
        var registry = new LocalRegistry()) {
      var image = registry.repository("acme/tool") + ":1";
      var first = registry.manifest("acme/tool", "1");
      assertThat(pull(docker, image)).contains("Digest: " + first);
      assertThat(pull(docker, image).getLast())
          .isEqualTo("Status: Image is up to date for " + image);
      var before = docker.inspectImageCmd(image).exec().getId();

      var second = registry.manifest("acme/tool", "1");
      assertThat(pull(docker, image).getLast())
          .isEqualTo("Status: Downloaded newer image for " + image);

      var now = docker.inspectImageCmd(image).exec();
      assertThat(now.getRepoDigests())
          .containsExactly(registry.repository("acme/tool") + "@" + second);
      var old = docker.inspectImageCmd(before).exec();
      assertThat(old.getId()).isEqualTo(before).isNotEqualTo(now.getId());
      assertThat(old.getRepoTags()).isEmpty();
      assertThat(pull(docker, registry.repository("acme/tool") + "@" + first).getLast())
          .startsWith("Status: Image is up to date");
    }
  }

  @Test
  void aRegistryThatRefusesIsToldOf() throws Exception {
    try (var docker = client()) {
      assertThatThrownBy(() -> pull(docker, "acme/does-not-exist:1"))
          .hasMessageContaining("manifest unknown");
      assertThatThrownBy(() -> pull(docker, "registry.invalid/tool:1"))
          .hasMessageContaining("no such host");
      assertThatThrownBy(() -> pull(docker, "192.0.2.7:5000/tool:1"))
          .hasMessageContaining("Client.Timeout exceeded");

      var match = new Match(null, null, null, null, null, null, "acme/limited.*");
      FAULTS.add(List.of(new Fault("f", FaultKind.PULL_FAILS, 1, 1, match, 429, 0, 0)));
      assertThatThrownBy(() -> pull(docker, "acme/limited:1"))
          .hasMessageContaining("toomanyrequests");
      assertThat(pull(docker, "acme/limited:1").getLast()).contains("Downloaded");
    }
  }

  @Test
  void containersOutliveTheSimulatorAndComeBackAfterAPowerCut(@TempDir Path disk) throws Exception {
    var first = open();
    host = first.up(droplet(), disk, null);
    var port = Integer.parseInt(host.replaceFirst(".*:", ""));
    String kept;
    String plain;
    try (var docker = client()) {
      pull(docker, IMAGE);
      kept =
          run(
              docker,
              HostConfig.newHostConfig().withRestartPolicy(RestartPolicy.unlessStoppedRestart()));
      plain = run(docker, HostConfig.newHostConfig());
    }
    first.close();

    var second = open();
    try {
      assertThat(second.up(droplet(), disk, "tcp://127.0.0.1:" + port))
          .isEqualTo("tcp://127.0.0.1:" + port);
      try (var docker = client()) {
        assertThat(docker.inspectContainerCmd(plain).exec().getState().getRunning()).isTrue();
      }
      second.down(5, disk);
      second.up(droplet(), disk, "tcp://127.0.0.1:" + port);
      try (var docker = client()) {
        assertThat(docker.inspectContainerCmd(kept).exec().getState().getRunning()).isTrue();
        assertThat(docker.inspectContainerCmd(plain).exec().getState().getStatus())
            .isEqualTo("exited");
      }
      second.destroy(5, disk);
      assertThat(disk).isEmptyDirectory();
      assertFree(port);
    } finally {
      second.close();
      host = engines.up(droplet(), directory, null);
    }
  }

  private static void assertFree(int port) throws Exception {
    try (var socket = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThat(socket.getLocalPort()).isEqualTo(port);
    }
  }

  private static String run(DockerClient docker, HostConfig hostConfig) {
    var id =
        docker
            .createContainerCmd(IMAGE)
            .withHostConfig(hostConfig)
            .withCmd("sleep", "infinity")
            .exec()
            .getId();
    docker.startContainerCmd(id).exec();
    return id;
  }
}
