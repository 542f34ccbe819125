package io.agentopia.toolbox.simulator.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.RestartPolicy;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.agentopia.toolbox.simulator.droplet.Droplet;
import io.agentopia.toolbox.simulator.droplet.Plan;
import io.agentopia.toolbox.simulator.droplet.Spec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs where an engine answers and has the image. */
class RealDockerTest {
  private static final String HOST =
      Objects.requireNonNullElse(System.getenv("DOCKER_HOST"), "unix:///var/run/docker.sock");
  private static final String LABEL = "io.agentopia.simulator.droplet";

  @TempDir Path directory;
  private final long id = ThreadLocalRandom.current().nextLong(1L << 40, 1L << 50);
  private RealDocker real;
  private DockerClient docker;

  @BeforeEach
  void connect() {
    real = RealDocker.at(HOST).orElse(null);
    assumeTrue(real != null, "no Docker engine at " + HOST);
    var config =
        DefaultDockerClientConfig.createDefaultConfigBuilder().withDockerHost(HOST).build();
    docker =
        DockerClientImpl.getInstance(
            config,
            new ZerodepDockerHttpClient.Builder().dockerHost(config.getDockerHost()).build());
    assumeTrue(hasImage(), "the engine has no image " + DockerEngineContract.IMAGE);
  }

  private boolean hasImage() {
    try {
      docker.inspectImageCmd(DockerEngineContract.IMAGE).exec();
      return true;
    } catch (NotFoundException e) {
      return false;
    }
  }

  @AfterEach
  void clean() throws IOException {
    if (real != null) {
      real.destroy(id, directory);
      real.destroy(id + 1, directory);
      real.close();
    }
    if (docker != null) {
      docker.close();
    }
  }

  @Test
  void containersStopWithThePowerComeBackWithItAndDieWithTheDisk() {
    var network = docker.createNetworkCmd().withName("simulator-" + id).exec().getId();
    var runs = started(id, "simulator-" + id);
    var neighbour = started(id + 1, "bridge");
    var stopped = started(id, "bridge");
    docker.stopContainerCmd(stopped).withTimeout(0).exec();

    real.down(id, directory);
    assertThat(isRunning(runs)).isFalse();
    assertThat(isRunning(neighbour)).isTrue();

    assertThat(real.up(droplet(), directory, null)).isEqualTo(HOST);
    assertThat(isRunning(runs)).isTrue();
    assertThat(isRunning(stopped)).isFalse();

    real.destroy(id, directory);
    assertThat(
            docker
                .listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(Map.of(LABEL, "" + id))
                .exec())
        .isEmpty();
    assertThat(docker.listNetworksCmd().withIdFilter(network).exec()).isEmpty();
    assertThat(isRunning(neighbour)).isTrue();
  }

  private String started(long dropletId, String network) {
    var container =
        docker
            .createContainerCmd(DockerEngineContract.IMAGE)
            .withLabels(Map.of(LABEL, Long.toString(dropletId)))
            .withHostConfig(
                HostConfig.newHostConfig()
                    .withNetworkMode(network)
                    .withRestartPolicy(RestartPolicy.unlessStoppedRestart()))
            .withCmd("sleep", "infinity")
            .exec()
            .getId();
    docker.startContainerCmd(container).exec();
    return container;
  }

  private boolean isRunning(String container) {
    return Boolean.TRUE.equals(
        docker.inspectContainerCmd(container).exec().getState().getRunning());
  }

  private Droplet droplet() {
    var spec = new Spec("web-1", "nyc3", "s-1vcpu-1gb", 1, false, false, false, null, null);
    var plan = new Plan(null, null, Duration.ZERO, null, null, false, true);
    var birth = new Droplet.Birth(Instant.EPOCH, plan);
    return Droplet.create(id, id + 1, spec, List.of(), birth, Instant.EPOCH);
  }
}
