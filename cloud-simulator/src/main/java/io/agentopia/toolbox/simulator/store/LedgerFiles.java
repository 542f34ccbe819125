package io.agentopia.toolbox.simulator.store;

import io.agentopia.toolbox.simulator.account.Account;
import io.agentopia.toolbox.simulator.droplet.Droplet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;

/**
 * The ledger on disk: {@code account.json}, and {@code droplets/<id>/droplet.json} for every
 * droplet there ever was.
 */
public final class LedgerFiles {
  /** In the order of DigitalOcean's own numbers. */
  private static final long LOWEST_ID = 400_000_000L;

  private static final long HIGHEST_ID = 500_000_000L;
  private static final SecureRandom RANDOM = new SecureRandom();
  private final Path root;

  public LedgerFiles(Path dataDir) {
    this.root = dataDir.toAbsolutePath().normalize();
  }

  public Account account() {
    return Json.read(root.resolve("account.json"), Account.class)
        .orElseGet(() -> Account.empty(RANDOM.nextLong(LOWEST_ID, HIGHEST_ID)));
  }

  public void save(Account account) {
    Json.write(root.resolve("account.json"), account);
  }

  public List<Droplet> droplets() {
    var directory = root.resolve("droplets");
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (var found = Files.list(directory)) {
      return found
          .map(d -> Json.read(d.resolve("droplet.json"), Droplet.class).orElse(null))
          .filter(Objects::nonNull)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("listing " + directory + " failed", e);
    }
  }

  public void save(Droplet droplet) {
    Json.write(directory(droplet.id()).resolve("droplet.json"), droplet);
  }

  /** Where everything of one droplet lies. */
  public Path directory(long dropletId) {
    return root.resolve("droplets").resolve(Long.toString(dropletId));
  }
}
