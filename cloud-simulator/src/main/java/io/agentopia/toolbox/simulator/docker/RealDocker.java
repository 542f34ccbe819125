package io.agentopia.toolbox.simulator.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.agentopia.toolbox.simulator.boot.Disk;
import io.agentopia.toolbox.simulator.boot.DropletDocker;
import io.agentopia.toolbox.simulator.droplet.Droplet;
import io.agentopia.toolbox.simulator.store.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * One real engine for all droplets. A droplet's containers are known by a label that its agent puts
 * on each; with the droplet's power they stop, with its disk they are removed.
 */
public final class RealDocker implements DropletDocker {
  private static final Logger LOG = Logger.getLogger(RealDocker.class);
  private static final String LABEL = "io.agentopia.simulator.droplet";
  private static final String STOPPED = "containers-stopped-with-power.json";
  private static final Set<String> RUNNING = Set.of("running", "restarting", "paused");
  private static final Set<String> PREDEFINED = Set.of("bridge", "host", "none");

  private final String host;
  private final DockerClient client;

  private RealDocker(String host, DockerClient client) {
    this.host = host;
    this.client = client;
  }

  /** Empty when no engine answers there. */
  public static Optional<RealDocker> at(String host) {
    var client = client(host);
    try {
      client.pingCmd().exec();
      return Optional.of(new RealDocker(host, client));
    } catch (RuntimeException e) {
      LOG.debugf("no Docker engine answers: host=%s, cause=%s", host, e.toString());
      close(client);
      return Optional.empty();
    }
  }

  private static DockerClient client(String host) {
    var config =
        DefaultDockerClientConfig.createDefaultConfigBuilder().withDockerHost(host).build();
    var http =
        new ZerodepDockerHttpClient.Builder()
            .dockerHost(config.getDockerHost())
            .sslConfig(config.getSSLConfig())
            .connectionTimeout(Duration.ofSeconds(2))
            .responseTimeout(Duration.ofSeconds(30))
            .build();
    return DockerClientImpl.getInstance(config, http);
  }

  @Override
  public String up(Droplet droplet, Path directory, String lastHost) {
    var dropletId = droplet.id();
    var stopped = directory.resolve(STOPPED);
    Json.read(stopped, String[].class)
        .ifPresent(
            ids -> {
              Arrays.stream(ids).forEach(id -> quietly(dropletId, () -> start(id)));
              Disk.delete(stopped);
            });
    return host;
  }

  private void start(String containerId) {
    client.startContainerCmd(containerId).exec();
  }

  @Override
  public void down(long dropletId, Path directory) {
    quietly(
        dropletId,
        () -> {
          var running =
              containers(dropletId).stream()
                  .filter(c -> RUNNING.contains(c.getState()))
                  .map(Container::getId)
                  .toList();
          if (!running.isEmpty()) {
            Json.write(directory.resolve(STOPPED), running);
            running.forEach(id -> quietly(dropletId, () -> stop(id)));
          }
        });
  }

  private void stop(String containerId) {
    // No grace, the power is gone; and unlike a kill, a stop keeps the engine from starting it
    // again.
    client.stopContainerCmd(containerId).withTimeout(0).exec();
  }

  @Override
  public void destroy(long dropletId, Path directory) {
    quietly(
        dropletId,
        () -> {
          var all = containers(dropletId);
          var networks =
              all.stream().flatMap(c -> networks(c).stream()).collect(Collectors.toSet());
          all.forEach(c -> quietly(dropletId, () -> remove(c.getId())));
          networks.forEach(n -> quietly(dropletId, () -> client.removeNetworkCmd(n).exec()));
          LOG.infof(
              "containers removed with their droplet: dropletId=%d, count=%d",
              dropletId, all.size());
        });
    Disk.delete(directory.resolve(STOPPED));
  }

  private void remove(String containerId) {
    client.removeContainerCmd(containerId).withForce(true).withRemoveVolumes(true).exec();
  }

  private static List<String> networks(Container container) {
    var settings = container.getNetworkSettings();
    return settings == null
        ? List.of()
        : settings.getNetworks().keySet().stream().filter(n -> !PREDEFINED.contains(n)).toList();
  }

  private List<Container> containers(long dropletId) {
    return client
        .listContainersCmd()
        .withShowAll(true)
        .withLabelFilter(Map.of(LABEL, Long.toString(dropletId)))
        .exec();
  }

  /** The droplet's fate does not hang on the engine's. */
  private static void quietly(long dropletId, Runnable work) {
    try {
      work.run();
    } catch (NotFoundException | NotModifiedException e) {
      // It is so already.
    } catch (DockerException e) {
      LOG.warnf("the engine refused: dropletId=%d, cause=%s", dropletId, e.getMessage());
    } catch (RuntimeException e) {
      LOG.warnf("the engine does not answer: dropletId=%d, cause=%s", dropletId, e.toString());
    }
  }

  @Override
  public void close() {
    close(client);
  }

  private static void close(DockerClient client) {
    try {
      client.close();
    } catch (IOException e) {
      // Nothing is left to do with a connection that is given up anyway.
    }
  }
}
