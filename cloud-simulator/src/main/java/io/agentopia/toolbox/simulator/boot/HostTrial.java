package io.agentopia.toolbox.simulator.boot;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.agentopia.toolbox.simulator.store.AtomicFile;
import io.agentopia.toolbox.simulator.trial.HostImages;
import io.agentopia.toolbox.simulator.trial.TrialRules;
import io.agentopia.toolbox.simulator.trial.TrialRules.Said;
import io.agentopia.toolbox.simulator.trial.TrialRules.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * The files by which a droplet's script and its agent speak of the agent's image; what is to be
 * done about them is {@link TrialRules}'.
 */
final class HostTrial {
  private static final Logger LOG = Logger.getLogger(HostTrial.class);
  private final Path upgrade;
  private final TrialRules rules;

  HostTrial(Path stateDir, TrialRules rules) {
    this.upgrade = stateDir.resolve("upgrade");
    this.rules = rules;
  }

  /** What is kept is written before the wish goes: a crash in between repeats this. */
  HostImages start(HostImages images, Consumer<HostImages> keep) {
    var step = rules.start(images, said(), Instant.now());
    if (step.begun()) {
      remove("confirmed", "failed");
    }
    carryOut(step, keep);
    if (step.begun() || !step.after().isOnTrial()) {
      remove("next");
    }
    return step.after();
  }

  /** Whether the agent has to be started anew, from the former image. */
  boolean watch(HostImages images, Consumer<HostImages> keep) {
    var step = rules.watch(images, said(), Instant.now());
    if (!step.after().equals(images)) {
      carryOut(step, keep);
    }
    return step.givenUp() != null;
  }

  private void carryOut(Step step, Consumer<HostImages> keep) {
    var lost = step.givenUp();
    if (lost != null) {
      LOG.warnf("agent's image is given up: image=%s, reason=%s", lost.image(), lost.reason());
      remove("next", "confirmed", "failed");
      if (Files.isDirectory(upgrade, LinkOption.NOFOLLOW_LINKS)) {
        var text = lost.image() + "\n" + lost.reason() + "\n";
        AtomicFile.write(upgrade.resolve("failed"), text.getBytes(UTF_8));
      }
    }
    keep.accept(step.after());
  }

  private Said said() {
    return new Said(text("next"), text("confirmed"));
  }

  private String text(String name) {
    var file = upgrade.resolve(name);
    try {
      return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          ? Files.readString(file).stripTrailing()
          : null;
    } catch (IOException e) {
      return null;
    }
  }

  private void remove(String... names) {
    try {
      for (var name : names) {
        Files.deleteIfExists(upgrade.resolve(name));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("removing what the agent left in " + upgrade, e);
    }
  }
}
