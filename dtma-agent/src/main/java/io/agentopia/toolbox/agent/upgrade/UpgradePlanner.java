package io.agentopia.toolbox.agent.upgrade;

import io.agentopia.toolbox.agent.identity.ImageHistory;
import io.agentopia.toolbox.agent.tools.PinnedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides whether the agent moves to the image that is wanted of it. Pure. */
public final class UpgradePlanner {
  private UpgradePlanner() {}

  /** What is to be done. */
  public sealed interface Decision {}

  /** Nothing is wanted, it runs already, or it has failed here before. */
  public record Stay() implements Decision {}

  /** What is asked cannot be done; the same question gets the same answer. */
  public record Refuse(ImageHistory.Failed why) implements Decision {}

  /**
   * @param references never empty, all to one digest, in the order to try
   */
  public record Move(List<PinnedImage> references) implements Decision {
    public Move {
      references = List.copyOf(references);
    }

    public String digest() {
      return references.getFirst().digest();
    }
  }

  /**
   * @param own the image that the agent runs from, or null when it does not know
   * @param wanted null when no other image is asked for
   * @param failed the last move that failed, or null
   */
  public static Decision decide(PinnedImage own, WantedImage wanted, ImageHistory.Failed failed) {
    if (wanted == null) {
      return new Stay();
    }
    var references = new ArrayList<PinnedImage>();
    for (var text : wanted.references()) {
      var reference = PinnedImage.parse(text);
      if (reference.isEmpty()) {
        return refuse(wanted, "the image asked for is not named by digest: " + shortened(text));
      }
      references.add(reference.get());
    }
    if (references.isEmpty()) {
      return refuse(wanted, "no reference was named for version " + wanted.version());
    }
    if (references.stream().map(PinnedImage::digest).distinct().count() > 1) {
      return refuse(wanted, "the references asked for are not one image: their digests differ");
    }
    if (own == null) {
      return refuse(
          wanted,
          "this agent was not started from an image by digest: DTMA_IMAGE names none, so the droplet cannot start it from another");
    }
    return own.isSameAs(references.getFirst()) || isOf(failed, references.getFirst())
        ? new Stay()
        : new Move(references);
  }

  static boolean isOf(ImageHistory.Failed failed, PinnedImage image) {
    return failed != null && PinnedImage.parse(failed.image()).filter(image::isSameAs).isPresent();
  }

  /** The first digest that the wish names, if it names one. */
  static Optional<PinnedImage> firstOf(WantedImage wanted) {
    return wanted.references().stream()
        .map(PinnedImage::parse)
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Refuse refuse(WantedImage wanted, String reason) {
    var image = wanted.references().isEmpty() ? wanted.version() : wanted.references().getFirst();
    return new Refuse(new ImageHistory.Failed(shortened(image), reason));
  }

  private static String shortened(String text) {
    var most = 350;
    return text == null ? "none" : text.length() > most ? text.substring(0, most) + "…" : text;
  }
}
