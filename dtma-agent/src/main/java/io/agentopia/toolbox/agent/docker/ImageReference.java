package io.agentopia.toolbox.agent.docker;

/**
 * An image reference with its tag or digest made explicit. Without one, Docker's API would pull
 * every tag of the repository.
 */
record ImageReference(String repository, String tag) {

  /** {@code tag} is null when the reference is a digest, which then stays in the repository. */
  static ImageReference parse(String image) {
    if (image.contains("@")) {
      return new ImageReference(image, null);
    }
    var colon = image.lastIndexOf(':');
    // A colon before the last slash belongs to a registry's port.
    return colon > image.lastIndexOf('/')
        ? new ImageReference(image.substring(0, colon), image.substring(colon + 1))
        : new ImageReference(image, "latest");
  }
}
