package io.agentopia.toolbox.simulator;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Settings of the simulator; {@code simulator.a-b} is read from {@code SIMULATOR_A_B} too. The HTTP
 * port is {@code QUARKUS_HTTP_PORT}.
 */
@ConfigMapping(prefix = "simulator")
public interface SimulatorConfig {

  /** The API token that clients must send (environment: SIMULATOR_TOKEN). */
  String token();

  /** Holds the ledger, the droplets' state and logs. */
  @WithDefault(".local/simulator")
  Path dataDir();

  /** How many droplets the account may have at a time. */
  @WithDefault("25")
  int dropletLimit();

  /** Whether a graceful stop of the simulator powers its droplets' agents down. */
  @WithDefault("true")
  boolean stopDropletsOnExit();

  /** What a droplet is. */
  @WithDefault("process")
  DropletKind droplets();

  /** Droplets that are containers. */
  Containers containers();

  /** Where droplets find Docker: {@code auto} takes the real engine if it answers. */
  @WithDefault("auto")
  DockerMode docker();

  /** The real engine; application.properties fills it from {@code DOCKER_HOST}. */
  @WithDefault("unix:///var/run/docker.sock")
  String dockerHost();

  /** Repositories that the simulated registry does not have: a regular expression. */
  @WithDefault(".*does-not-exist.*")
  String missingImages();

  /**
   * On this port of 127.0.0.1 a registry has every tag of every repository, as an empty image: for
   * agents that are processes and pull images of themselves with a real engine. Empty: none.
   */
  Optional<Integer> agentRegistryPort();

  /** How droplets get their public address. */
  @WithDefault("auto")
  AddressMode addresses();

  /** How long things take. */
  Delays delays();

  /** The program that a droplet runs. */
  Agent agent();

  /** DigitalOcean's limits for one token. */
  RateLimits rateLimits();

  enum DropletKind {
    /** The agent as a process on this computer; user-data is read, and not run. */
    PROCESS,
    /** A container with systemd, cloud-init and a Docker engine of its own; user-data is run. */
    CONTAINER
  }

  interface Containers {
    /** With systemd, cloud-init and Docker; deploy/images/droplet makes it. */
    @WithDefault("agentopia/droplet:local")
    String image();

    /** The first three numbers of the droplets' network; its gateway is number 1. */
    @WithDefault("10.77.0")
    String networkPrefix();

    /**
     * {@code name:port}: what listens on 127.0.0.1 at that port is reached by droplets at their
     * gateway's address and the same port; a control call can make it fail.
     */
    Optional<List<String>> doors();

    /** How long a droplet may take to shut down before its power goes. */
    @WithDefault("20s")
    Duration stopGrace();
  }

  enum DockerMode {
    /** The real engine if it answers a ping at start, else the simulated one. */
    AUTO,
    REAL,
    SIMULATED
  }

  enum AddressMode {
    /** Own addresses where they can be bound (Linux), else the shared one. */
    AUTO,
    /** Each droplet its own address in 127.77.0.0/16; the agent listens on its usual port. */
    OWN,
    /** All droplets are at 127.0.0.1 (macOS) and each agent gets a free port. */
    SHARED
  }

  interface Delays {
    /** From the create request until the status is {@code active}. */
    @WithDefault("3s")
    Duration activeAfter();

    /** From the create request until the droplet shows its IPv4 address. */
    @WithDefault("4s")
    Duration addressAfter();

    /** From the address (or from power on) until the machine runs its user-data. */
    @WithDefault("2s")
    Duration bootAfter();

    /** Between two stages of the boot. */
    @WithDefault("300ms")
    Duration stageAfter();

    /** From the delete request until the droplet cannot be found any more. */
    @WithDefault("1s")
    Duration deleteAfter();

    /** How long an action on a droplet takes. */
    @WithDefault("1s")
    Duration actionAfter();
  }

  enum AgentKind {
    /** The real agent, or the command that is set in its place, in a process of its own. */
    PROCESS,
    /**
     * Played inside the simulator: the protocol towards the control plane is the real agent's, its
     * tools are entries of a list. For many droplets, where the agent is not the matter.
     */
    LIGHT
  }

  interface Agent {
    /** What the agent of a droplet that is a process is. */
    @WithDefault("process")
    AgentKind kind();

    /** The agent's runnable jar. */
    Optional<Path> jar();

    /** The {@code java} that runs it; empty: the one that runs the simulator. */
    Optional<Path> java();

    /**
     * Runs this instead of the jar; {@code {dropletDir}} stands for the droplet's directory. Name
     * it in an argument, or a process whose id was not written down before a crash cannot be found.
     */
    Optional<List<String>> command();

    /** First pause before an agent that ended is started again (systemd's RestartSec). */
    @WithDefault("2s")
    Duration restartAfter();

    /** Longest such pause; it doubles while the agent keeps ending at once. */
    @WithDefault("30s")
    Duration restartCap();

    /** In this time an agent from another image has to confirm itself, or it is given up. */
    @WithDefault("180s")
    Duration trialLimit();

    /** So often an agent from an image that is not confirmed is started before it is given up. */
    @WithDefault("3")
    int trialStarts();

    /** A trial is looked at this often, besides at each start. */
    @WithDefault("15s")
    Duration trialLookEvery();

    /** How long an agent may take to end by itself before it is killed. */
    @WithDefault("8s")
    Duration stopGrace();
  }

  interface RateLimits {
    /** Requests in an hour. */
    @WithDefault("5000")
    int perHour();

    /** Requests in a minute. */
    @WithDefault("250")
    int perMinute();
  }
}
