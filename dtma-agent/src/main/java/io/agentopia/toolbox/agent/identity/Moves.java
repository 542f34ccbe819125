package io.agentopia.toolbox.agent.identity;

/**
 * What is remembered of the agent's moves from image to image.
 *
 * @param former the image that it ran from before, by digest: the way back; null before a move
 * @param failed the last move that failed; null once another image is wanted, or it runs after all
 */
public record Moves(String former, Failed failed) {
  public static final Moves NONE = new Moves(null, null);

  /**
   * @param image by digest
   * @param reason one sentence
   */
  public record Failed(String image, String reason) {}

  public Moves from(String image) {
    return new Moves(image, failed);
  }

  public Moves failed(String image, String reason) {
    return new Moves(former, new Failed(image, reason));
  }

  public Moves forgettingTheFailure() {
    return failed == null ? this : new Moves(former, null);
  }
}
