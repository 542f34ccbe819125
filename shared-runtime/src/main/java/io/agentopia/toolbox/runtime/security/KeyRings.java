package io.agentopia.toolbox.runtime.security;

import io.agentopia.toolbox.runtime.work.Drivers;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The keys this service holds: from the ring file, which is read again and again so that a rotation
 * needs no restart, or else one key for good from the environment.
 */
@ApplicationScoped
public class KeyRings {
  private static final Logger LOG = Logger.getLogger(KeyRings.class);

  /** HS256 asks for a key as long as its hash. */
  private static final int SHORTEST_TOKEN_SECRET = 32;

  private final Optional<Path> file;
  private final KeyRing environmentAgentToken;
  private final KeyRing environmentBackendToDtma;
  private volatile KeyRingFile read = new KeyRingFile(List.of(), List.of());
  private volatile @Nullable KeyRing agentToken;
  private volatile @Nullable KeyRing backendToDtma;

  /**
   * @param file environment TOOLBOX_KEYS_FILE
   * @param agentTokenSecret environment AGENT_TOKEN_SECRET, at least 32 characters
   * @param backendToDtmaApiKey environment BACKEND_TO_DTMA_API_KEY, at least 16 characters
   */
  @Inject
  public KeyRings(
      @ConfigProperty(name = "toolbox.keys.file") Optional<Path> file,
      @ConfigProperty(name = "agent.token.secret") Optional<String> agentTokenSecret,
      @ConfigProperty(name = "backend.to.dtma.api.key") Optional<String> backendToDtmaApiKey) {
    this.file = file;
    this.environmentAgentToken = agentTokenSecret.map(KeyRing::of).orElseGet(KeyRing::empty);
    this.environmentBackendToDtma = backendToDtmaApiKey.map(KeyRing::of).orElseGet(KeyRing::empty);
    try {
      load();
    } catch (IOException e) {
      throw new UncheckedIOException("the service cannot start without its keys", e);
    }
  }

  /** Signs the agents' tokens. */
  public KeyRing agentToken() {
    return required(agentToken, "agent-token", "AGENT_TOKEN_SECRET");
  }

  /** From these each agent's inbound key is derived. */
  public KeyRing backendToDtma() {
    return required(backendToDtma, "backend-to-dtma", "BACKEND_TO_DTMA_API_KEY");
  }

  void start(
      @Observes StartupEvent event,
      Drivers drivers,
      @ConfigProperty(name = "toolbox.keys.read-every") Duration every) {
    drivers.everyBlocking("key-rings", every, this::readAgain);
  }

  void readAgain() {
    try {
      load();
    } catch (IOException | RuntimeException e) {
      LOG.errorf("key ring not read, the keys read before stay in use: cause=%s", e.toString());
    }
  }

  private synchronized void load() throws IOException {
    var now = file.isPresent() ? KeyRingFile.read(file.get()) : read;
    if (agentToken != null && now.equals(read)) {
      return;
    }
    var tokens = ring(now.agentToken(), environmentAgentToken);
    tokens.keys().forEach(KeyRings::requireLong);
    var inbound = ring(now.backendToDtma(), environmentBackendToDtma);
    if (agentToken != null) {
      LOG.infof("key ring read: agentToken=%s backendToDtma=%s", tokens.keys(), inbound.keys());
    }
    agentToken = tokens;
    backendToDtma = inbound;
    read = now;
  }

  private static KeyRing ring(List<KeyRing.Key> inFile, KeyRing environment) {
    return inFile.isEmpty() ? environment : new KeyRing(inFile);
  }

  private static void requireLong(KeyRing.Key key) {
    if (key.bytes().length < SHORTEST_TOKEN_SECRET) {
      throw new IllegalArgumentException(
          "the agents' token key "
              + key.id()
              + " has fewer than "
              + SHORTEST_TOKEN_SECRET
              + " characters");
    }
  }

  private KeyRing required(@Nullable KeyRing ring, String name, String variable) {
    if (ring == null || ring.isEmpty()) {
      throw new IllegalStateException(
          "there is no key for "
              + name
              + ": set "
              + variable
              + ", or TOOLBOX_KEYS_FILE to a key ring that has it (./toolbox keys generate makes one)");
    }
    return ring;
  }
}
