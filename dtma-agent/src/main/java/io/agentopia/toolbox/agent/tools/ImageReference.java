package io.agentopia.toolbox.agent.tools;

/**
 * An image reference with its tag or digest made explicit. Without one, Docker's API would pull
 * every tag of the repository.
 */
public record ImageReference(String repository, String tag) {

  /** {@code tag} is null when the reference is a digest, which then stays in the repository. */
  public static ImageReference parse(String image) {
    if (image.contains("@")) {
      return new ImageReference(image, null);
    }
    var colon = image.lastIndexOf(':');
    // A colon before the last slash belongs to a registry's port.
    return colon > image.lastIndexOf('/')
        ? new ImageReference(image.substring(0, colon), image.substring(colon + 1))
        : new ImageReference(image, "latest");
  }

  /**
   * The form in which Docker itself lists an image: {@code docker.io/library/debian} is {@code
   * debian:latest}. Two references to one image of one repository are then equal, except that a tag
   * never equals a digest; of a reference with both, the digest alone counts.
   */
  public static String familiar(String image) {
    var at = image.indexOf('@');
    if (at >= 0) {
      var named = parse(image.substring(0, at)).repository();
      return familiarRepository(named) + image.substring(at);
    }
    var parsed = parse(image);
    return familiarRepository(parsed.repository()) + ":" + parsed.tag();
  }

  /** The familiar repository of a reference, without tag and digest. */
  public static String repositoryOf(String image) {
    var at = image.indexOf('@');
    return familiarRepository(parse(at < 0 ? image : image.substring(0, at)).repository());
  }

  private static String familiarRepository(String repository) {
    var path = repository;
    for (var hub : new String[] {"docker.io/", "index.docker.io/"}) {
      path = path.startsWith(hub) ? path.substring(hub.length()) : path;
    }
    return path.startsWith("library/") ? path.substring("library/".length()) : path;
  }
}
