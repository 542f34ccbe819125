package io.agentopia.toolbox.simulator.docker;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;

/** Runs where an engine answers and has the image: the contract is measured on the real thing. */
class RealEngineContractTest extends DockerEngineContract {
  private static final String HOST =
      Objects.requireNonNullElse(System.getenv("DOCKER_HOST"), "unix:///var/run/docker.sock");

  @Override
  String host() {
    return HOST;
  }

  @Override
  boolean isOnThisMachine() {
    return HOST.startsWith("unix:") && System.getProperty("os.name").equals("Linux");
  }

  @BeforeAll
  static void isThere() throws IOException {
    assumeTrue(hasImage(), "no Docker engine with " + IMAGE + " at " + HOST);
  }

  private static boolean hasImage() throws IOException {
    var config =
        DefaultDockerClientConfig.createDefaultConfigBuilder().withDockerHost(HOST).build();
    var http =
        new ZerodepDockerHttpClient.Builder()
            .dockerHost(config.getDockerHost())
            .connectionTimeout(Duration.ofSeconds(2))
            .build();
    try (var docker = DockerClientImpl.getInstance(config, http)) {
      docker.inspectImageCmd(IMAGE).exec();
      return true;
    } catch (NotFoundException e) {
      return false;
    } catch (RuntimeException e) {
      return false;
    }
  }
}
