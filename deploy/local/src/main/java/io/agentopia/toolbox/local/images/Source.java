package io.agentopia.toolbox.local.images;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an image is made from: the commit and its time, which is the time of everything in it.
 * {@code SOURCE_DATE_EPOCH} (reproducible-builds.org) has precedence, and serves where no git is.
 */
record Source(String revision, Instant time, Optional<String> address) {
  static Source of(Path repository, Map<String, String> environment) {
    var told = Optional.ofNullable(environment.get("SOURCE_DATE_EPOCH")).map(Long::valueOf);
    var commit = git(repository, "log", "-1", "--format=%H %ct");
    if (commit.isEmpty()) {
      return new Source("unknown", Instant.ofEpochSecond(told.orElse(0L)), Optional.empty());
    }
    var found = commit.get().split(" ");
    // An edited file makes a revision that nobody else can build.
    var edited = git(repository, "status", "--porcelain").filter(s -> !s.isBlank()).isPresent();
    return new Source(
        found[0] + (edited ? "-dirty" : ""),
        Instant.ofEpochSecond(told.orElse(Long.valueOf(found[1]))),
        git(repository, "remote", "get-url", "origin").flatMap(Source::page));
  }

  /** The page of a repository that others can open, without credentials that stand in its URL. */
  static Optional<String> page(String remote) {
    return remote.startsWith("https://")
        ? Optional.of(remote.replaceFirst("//[^/@]*@", "//").replaceFirst("\\.git$", ""))
        : Optional.empty();
  }

  private static Optional<String> git(Path repository, String... arguments) {
    var line = new ArrayList<>(List.of("git", "-C", repository.toString()));
    line.addAll(List.of(arguments));
    var ended = Command.run(repository, Map.of(), line);
    return ended.ok() ? Optional.of(ended.output().strip()) : Optional.empty();
  }
}
