package io.agentopia.toolbox.simulator.docker.engine;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An image reference, as Docker shows it: without {@code docker.io/library/}, with tag or digest.
 *
 * @param tag null when a digest is named
 * @param digest null unless named
 */
public record ImageName(String repository, String tag, String digest) {
  private static final String WORD = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
  private static final String PART = "[a-z0-9]+(?:(?:\\.|__?|-+)[a-z0-9]+)*";
  private static final String TAG = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}";
  private static final int LONGEST = 255;

  /** Source: distribution/reference, its grammar; of digests, SHA-256 alone. */
  private static final Pattern FORM =
      Pattern.compile(
          "((?:%s(?:\\.%s)*(?::[0-9]+)?/)?%s(?:/%s)*)(?::%s)?(?:@sha256:[0-9a-f]{64})?"
              .formatted(WORD, WORD, PART, PART, TAG));

  public static ImageName parse(String text) {
    var form = FORM.matcher(text);
    if (!form.matches()) {
      throw new EngineRefusal(
          400,
          FORM.matcher(text.toLowerCase(Locale.ROOT)).matches()
              ? "invalid reference format: repository name must be lowercase"
              : "invalid reference format");
    }
    if (form.group(1).length() > LONGEST) {
      throw new EngineRefusal(400, "repository name must not be more than 255 characters");
    }
    var at = text.indexOf('@');
    var digest = at < 0 ? null : text.substring(at + 1);
    var rest = at < 0 ? text : text.substring(0, at);
    var colon = rest.indexOf(':', rest.lastIndexOf('/') + 1);
    var repository = familiar(colon < 0 ? rest : rest.substring(0, colon));
    var tag = colon < 0 ? (digest == null ? "latest" : null) : rest.substring(colon + 1);
    return new ImageName(repository, digest == null ? tag : null, digest);
  }

  /** A tag that comes by itself, beside its repository. */
  public static void checkTag(String tag) {
    if (!tag.matches(TAG) && !tag.matches("sha256:[0-9a-f]{64}")) {
      throw new EngineRefusal(400, "invalid tag format");
    }
  }

  private static String familiar(String repository) {
    var shorter = repository.replaceFirst("^(docker\\.io|index\\.docker\\.io)/", "");
    var fromHub = !shorter.equals(repository);
    return fromHub || !isHost(repository) ? shorter.replaceFirst("^library/", "") : repository;
  }

  private static boolean isHost(String repository) {
    var slash = repository.indexOf('/');
    var first = slash < 0 ? "" : repository.substring(0, slash);
    return first.contains(".") || first.contains(":") || first.equals("localhost");
  }

  /** The registry's host name; null for Docker Hub. */
  public String registry() {
    return isHost(repository) ? repository.substring(0, repository.indexOf('/')) : null;
  }

  @Override
  public String toString() {
    return digest == null ? repository + ":" + tag : repository + "@" + digest;
  }
}
