package io.agentopia.toolbox.bench.subject;

import io.agentopia.toolbox.local.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** This checkout, and with {@code --against} another revision beside it, checked out and built. */
public final class Subjects implements AutoCloseable {
  private static final List<String> SERVICES = Service.modules();
  private static final List<String> BACKDROP = List.of(Service.SIMULATOR, Service.AGENT);

  private final Path root;
  private final Path work;
  private final List<Subject> all = new ArrayList<>();
  private Path worktree;

  /**
   * @param against a revision as git names it, or null
   * @param work for what is made on the way; must exist
   */
  public Subjects(Path root, String against, Path work) {
    this.root = root;
    this.work = work;
    all.add(new Subject("this", described(root), root, root));
    if (against != null) {
      all.add(other(against));
    }
  }

  public List<Subject> all() {
    return all;
  }

  private Subject other(String revision) {
    var commit = Command.output(root, "git", "rev-parse", "--short", revision + "^{commit}");
    worktree = work.resolve("checkout-" + commit);
    Command.run(root, "git", "worktree", "add", "--detach", worktree.toString(), commit);
    System.out.println("building " + commit + " (log: " + work.resolve("build.log") + ")");
    var modules = new ArrayList<>(SERVICES);
    modules.add("dtma-agent");
    // No further than package: an installed SNAPSHOT of another revision would be found by others.
    Command.runLogged(
        worktree,
        work.resolve("build.log"),
        "./mvnw",
        "-B",
        "-ntp",
        "-q",
        "package",
        "-am",
        "-DskipTests",
        "-Dspotless.check.skip",
        "-pl",
        String.join(",", modules));
    return new Subject(commit, commit, worktree, composed(commit));
  }

  private Path composed(String commit) {
    var parts = work.resolve("parts-" + commit);
    try {
      Files.createDirectories(parts);
      for (var service : SERVICES) {
        Files.createSymbolicLink(parts.resolve(service), worktree.resolve(service));
      }
      for (var part : BACKDROP) {
        Files.createSymbolicLink(parts.resolve(part), root.resolve(part));
      }
      return parts;
    } catch (IOException e) {
      throw new UncheckedIOException("composing the parts of " + commit + " failed", e);
    }
  }

  private static String described(Path checkout) {
    return Command.output(checkout, "git", "describe", "--always", "--dirty");
  }

  @Override
  public void close() {
    if (worktree != null) {
      Command.run(root, "git", "worktree", "remove", "--force", worktree.toString());
    }
  }
}
