package io.agentopia.toolbox.bench.subject;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Maven's arguments for building something that nobody else may find: what it installs goes to a
 * repository of its own, and only what is missing there is looked for in the usual one.
 */
final class MavenArgs {
  private static final Pattern REPOSITORY = Pattern.compile("-Dmaven\\.repo\\.local=(\\S+)");

  private MavenArgs() {}

  /**
   * @param usual what {@code MAVEN_ARGS} says, or null
   * @param home of the user, where the repository is when {@code usual} names none
   * @param own repository for what is installed
   */
  static String apart(String usual, Path home, Path own) {
    var args = usual == null ? "" : usual;
    var named = REPOSITORY.matcher(args);
    var tail = named.find() ? named.group(1) : home.resolve(".m2/repository").toString();
    return (named.replaceAll("").strip()
            + " -Dmaven.repo.local="
            + own
            + " -Dmaven.repo.local.tail="
            + tail)
        .strip();
  }
}
