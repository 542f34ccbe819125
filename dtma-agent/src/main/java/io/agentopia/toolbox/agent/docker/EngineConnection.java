package io.agentopia.toolbox.agent.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.core.RemoteApiVersion;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.time.Duration;

/**
 * Clients of one engine, made at the first call because the engine may start after the agent.
 * docker-java negotiates no API version, so the engine is asked once and the lower of its version
 * and {@link #NEWEST} is pinned: older engines refuse a newer one, newer engines change answers.
 * The engine may be another one after a while: whoever doubts it has it asked again.
 */
final class EngineConnection implements AutoCloseable {
  private static final RemoteApiVersion NEWEST = RemoteApiVersion.VERSION_1_44;
  private static final Duration CONNECT = Duration.ofSeconds(5);

  private final String dockerHost;
  private final Duration answerWithin;
  private RemoteApiVersion agreed;
  private boolean doubted;
  private DockerClient quick;
  private DockerClient patient;
  private boolean closed;

  EngineConnection(String dockerHost, Duration answerWithin) {
    this.dockerHost = dockerHost;
    this.answerWithin = answerWithin;
  }

  /** For calls that answer at once. */
  DockerClient quick() {
    connect();
    return quick;
  }

  /** For streams (pull, events), whose caller limits them: between two parts a minute may pass. */
  DockerClient patient() {
    connect();
    return patient;
  }

  /**
   * It did not answer as expected: before the next call it is asked again which versions it has.
   */
  synchronized void doubt() {
    doubted = true;
  }

  private synchronized void connect() {
    if (closed) {
      throw new IllegalStateException("the connection to Docker is closed");
    }
    if (quick != null && !doubted) {
      return;
    }
    var version = agreedVersion();
    doubted = false;
    if (quick != null && version.equals(agreed)) {
      return;
    }
    close(quick);
    close(patient);
    agreed = version;
    patient = client(version, null);
    quick = client(version, answerWithin);
  }

  private RemoteApiVersion agreedVersion() {
    var asking = client(RemoteApiVersion.UNKNOWN_VERSION, answerWithin);
    try {
      var found = asking.versionCmd().exec();
      var engine = RemoteApiVersion.parseConfig(found.getApiVersion());
      return NEWEST.isGreater(engine) ? engine : atLeast(found.getRawValues().get("MinAPIVersion"));
    } finally {
      close(asking);
    }
  }

  /** An engine that no longer knows our version is spoken to in its oldest. */
  private static RemoteApiVersion atLeast(Object oldest) {
    var least = oldest == null ? NEWEST : RemoteApiVersion.parseConfig(oldest.toString());
    return least.isGreater(NEWEST) ? least : NEWEST;
  }

  private DockerClient client(RemoteApiVersion version, Duration responseTimeout) {
    var config =
        DefaultDockerClientConfig.createDefaultConfigBuilder()
            .withDockerHost(dockerHost)
            .withApiVersion(version)
            .build();
    var http =
        new ZerodepDockerHttpClient.Builder()
            .dockerHost(config.getDockerHost())
            .sslConfig(config.getSSLConfig())
            .maxConnections(16)
            .connectionTimeout(CONNECT)
            .responseTimeout(responseTimeout)
            .build();
    return DockerClientImpl.getInstance(config, http);
  }

  @Override
  public synchronized void close() {
    closed = true;
    close(quick);
    close(patient);
  }

  private static void close(DockerClient client) {
    try {
      if (client != null) {
        client.close();
      }
    } catch (IOException e) {
      // Nothing is left to do with a connection that is given up anyway.
    }
  }
}
