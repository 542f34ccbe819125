package io.agentopia.toolbox.simulator.docker.engine;

import java.util.regex.Pattern;

/**
 * An image reference, as Docker shows it: without {@code docker.io/library/}, with tag or digest.
 *
 * @param tag null when a digest is named
 * @param digest null unless named
 */
public record ImageName(String repository, String tag, String digest) {
  private static final Pattern FORM =
      Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._:/-]*(@sha256:[0-9a-f]{64})?");

  public static ImageName parse(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new EngineRefusal(400, "invalid reference format");
    }
    var at = text.indexOf('@');
    var digest = at < 0 ? null : text.substring(at + 1);
    var rest = at < 0 ? text : text.substring(0, at);
    var colon = rest.indexOf(':', rest.lastIndexOf('/') + 1);
    var repository = familiar(colon < 0 ? rest : rest.substring(0, colon));
    var tag = colon < 0 ? (digest == null ? "latest" : null) : rest.substring(colon + 1);
    return new ImageName(repository, digest == null ? tag : null, digest);
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
