package io.agentopia.toolbox.simulator.boot;

import io.agentopia.toolbox.simulator.droplet.Droplet;
import java.nio.file.Path;

/** The Docker engine as the droplets see it: each has one of its own, or so it seems to it. */
public interface DropletDocker {
  /**
   * Docker starts with the machine, and with it the containers that ran when the power went.
   *
   * @param lastHost what {@code DOCKER_HOST} was before a restart of the simulator, or null
   * @return the agent's {@code DOCKER_HOST}
   */
  String up(Droplet droplet, Path directory, String lastHost);

  /** The power goes. */
  void down(long dropletId, Path directory);

  /** The simulator ends, and with it what it simulates; nothing happens to what is real. */
  void close();

  /** The disk dies, and with it every container of the droplet. */
  void destroy(long dropletId, Path directory);
}
