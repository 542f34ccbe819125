package io.agentopia.toolbox.agent.identity;

/**
 * From which images the agent ran, as far as it must remember.
 *
 * @param former the image that it ran from before, by digest: the way back; null before a move
 * @param failed the last move that failed; null once another image is wanted, or it runs after all
 */
public record ImageHistory(String former, Failed failed) {
  public static final ImageHistory NONE = new ImageHistory(null, null);

  /**
   * @param image by digest
   * @param reason one sentence
   */
  public record Failed(String image, String reason) {}

  public ImageHistory from(String image) {
    return new ImageHistory(image, failed);
  }

  public ImageHistory failed(String image, String reason) {
    return new ImageHistory(former, new Failed(image, reason));
  }

  public ImageHistory forgettingTheFailure() {
    return failed == null ? this : new ImageHistory(former, null);
  }
}
