package io.agentopia.toolbox.simulator.container;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Network;
import io.agentopia.toolbox.simulator.droplet.Droplet;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** The containers of one simulator's droplets, in the engine of this computer. */
final class DropletEngine implements Closeable {
  private static final Logger LOG = Logger.getLogger(DropletEngine.class);
  private final DockerClient docker;
  private final String image;
  private final String owner;
  private final String prefix;

  /**
   * @param owner tells this simulator's containers from another's
   * @param prefix the first three numbers of the droplets' network
   */
  DropletEngine(DockerClient docker, String image, String owner, String prefix) {
    this.docker = docker;
    this.image = image;
    this.owner = owner;
    this.prefix = prefix;
  }

  String gateway() {
    return prefix + ".1";
  }

  /** The droplets' network, made if it is not there; its bridge has the gateway's address. */
  void provideNetwork() {
    try {
      docker.inspectNetworkCmd().withNetworkId(network()).exec();
      return;
    } catch (NotFoundException e) {
      LOG.debugf("network is made: name=%s", network());
    }
    var range = new Network.Ipam.Config().withSubnet(prefix + ".0/24").withGateway(prefix + ".1");
    docker
        .createNetworkCmd()
        .withName(network())
        .withDriver("bridge")
        .withLabels(Map.of(DropletContainer.OWNER_LABEL, owner))
        .withIpam(new Network.Ipam().withConfig(range))
        .exec();
  }

  void requireImage() {
    try {
      docker.inspectImageCmd(image).exec();
    } catch (NotFoundException e) {
      throw new IllegalStateException(
          "droplets cannot be made: the engine has no image "
              + image
              + "; make it with: docker build -t "
              + image
              + " deploy/images/droplet",
          e);
    }
  }

  /** Power comes; the first time, the disk is made and seeded. */
  void start(Droplet droplet) {
    var name = DropletContainer.name(droplet);
    if (!exists(name)) {
      DropletContainer.create(docker, image, network(), owner, droplet).exec();
      docker
          .copyArchiveToContainerCmd(name)
          .withRemotePath(Seed.DIRECTORY)
          .withTarInputStream(Seed.tar(droplet))
          .exec();
    }
    try {
      docker.startContainerCmd(name).exec();
    } catch (NotModifiedException e) {
      LOG.debugf("runs already: container=%s", name);
    }
  }

  /** Zero: the power goes at once. */
  void stop(String name, Duration grace) {
    try {
      if (grace.isZero()) {
        docker.killContainerCmd(name).exec();
      } else {
        docker.stopContainerCmd(name).withTimeout((int) grace.toSeconds()).exec();
      }
    } catch (NotFoundException | NotModifiedException | ConflictException e) {
      LOG.debugf("does not run: container=%s", name);
    }
  }

  /** With its disk. */
  void remove(String name) {
    try {
      docker.removeContainerCmd(name).withForce(true).withRemoveVolumes(true).exec();
    } catch (NotFoundException e) {
      LOG.debugf("is gone already: container=%s", name);
    }
  }

  boolean isRunning(String name) {
    try {
      return Boolean.TRUE.equals(docker.inspectContainerCmd(name).exec().getState().getRunning());
    } catch (NotFoundException e) {
      return false;
    }
  }

  private boolean exists(String name) {
    try {
      docker.inspectContainerCmd(name).exec();
      return true;
    } catch (NotFoundException e) {
      return false;
    }
  }

  /** Runs a command inside; whether it ended well within the time. */
  boolean run(String name, Duration patience, String... command) {
    var exec = docker.execCreateCmd(name).withCmd(command).exec();
    try {
      var ended =
          docker
              .execStartCmd(exec.getId())
              .exec(new ResultCallback.Adapter<>())
              .awaitCompletion(patience.toMillis(), TimeUnit.MILLISECONDS);
      return ended
          && Long.valueOf(0).equals(docker.inspectExecCmd(exec.getId()).exec().getExitCodeLong());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Of this simulator, running or not. */
  List<Container> all() {
    return docker
        .listContainersCmd()
        .withShowAll(true)
        .withLabelFilter(Map.of(DropletContainer.OWNER_LABEL, owner))
        .exec();
  }

  void removeNetwork() {
    try {
      docker.removeNetworkCmd(network()).exec();
    } catch (NotFoundException e) {
      LOG.debugf("is gone already: network=%s", network());
    }
  }

  private String network() {
    return "droplets-" + prefix;
  }

  @Override
  public void close() throws IOException {
    docker.close();
  }
}
