package io.agentopia.toolbox.agent.lifecycle;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the agent is told from outside; {@code dtma.a-b} is read from {@code DTMA_A_B}. */
@ConfigMapping(prefix = "dtma")
public interface AgentSettings {

  /**
   * Base addresses of the API gateway, for example {@code https://api.example.org}; several with
   * commas between them, the first that answers is called.
   */
  List<URI> backendUrl();

  /** Single-use join token; needed only until the agent has joined. */
  Optional<String> joinToken();

  /** Directory of the identity file; must outlive the agent's container. */
  @WithDefault("/var/lib/dtma")
  Path stateDir();

  /** Inbound address. */
  @WithDefault("0.0.0.0")
  String host();

  /** Inbound port; no tool may publish it. */
  @WithDefault("30000")
  int port();

  /** The Docker engine; application.properties fills it from {@code DOCKER_HOST}. */
  @WithDefault("unix:///var/run/docker.sock")
  String dockerHost();

  /** {@code key=value,...}: put on every container besides the agent's own labels. */
  Optional<String> extraLabels();

  /** Replaces the kernel's boot id; for a simulated droplet, whose kernel does not reboot. */
  Optional<String> bootId();

  /** Replaces the kernel's host name. */
  Optional<String> hostname();

  /** Where the kernel's numbers are read. */
  @WithDefault("/proc")
  Path procDir();

  /** A path on the disk that fills up: the one that holds Docker's data. */
  @WithDefault("/")
  Path diskPath();

  /** The image that the agent runs from, by digest; the disk guard never removes it. */
  Optional<String> image();

  /** All registries are tried this often before another image of the agent has failed. */
  @WithDefault("3")
  int upgradeTries();

  /** First pause between those tries; doubles up to {@link #upgradeRetryCap()}. */
  @WithDefault("10s")
  Duration upgradeRetryFirst();

  /** Longest pause between those tries. */
  @WithDefault("2m")
  Duration upgradeRetryCap();

  /** An image that failed may be tried again once it was not asked for during this time. */
  @WithDefault("10m")
  Duration upgradeForgetAfter();

  /** The disk guard looks at the images and the disk this often. */
  @WithDefault("1m")
  Duration diskGuardEvery();

  /** From this used share of the disk on, unused images go; percent. */
  @WithDefault("85")
  double diskGuardStartPercent();

  /** Until no more than this share is used; percent. */
  @WithDefault("75")
  double diskGuardStopPercent();

  /** An image goes only after this long without use. */
  @WithDefault("1h")
  Duration diskGuardMinimumAge();

  /** A call to the control plane is given up after this. */
  @WithDefault("10s")
  Duration callTimeout();

  /** First pause after a failed call; doubles up to {@link #retryCap()}. */
  @WithDefault("1s")
  Duration retryFirst();

  /** Longest pause between calls that fail because the control plane cannot answer. */
  @WithDefault("60s")
  Duration retryCap();

  /**
   * Longest pause between calls that the control plane refuses (401, 409): only a person mends
   * those.
   */
  @WithDefault("5m")
  Duration refusedRetryCap();

  /** The manifest is fetched at least this often. */
  @WithDefault("5m")
  Duration manifestEvery();

  /** The containers are looked at, at least this often. */
  @WithDefault("30s")
  Duration lookEvery();

  /** How often the engine is asked for its version and container count. */
  @WithDefault("10s")
  Duration factsEvery();

  /** An image pull is given up after this. */
  @WithDefault("10m")
  Duration pullLimit();

  /** A tool has this long to end by itself before it is killed. */
  @WithDefault("10s")
  Duration stopGrace();

  /** First pause after a failed action on a tool; doubles up to {@link #toolRetryCap()}. */
  @WithDefault("2s")
  Duration toolRetryFirst();

  /** Longest pause between two attempts on one tool. */
  @WithDefault("5m")
  Duration toolRetryCap();
}
