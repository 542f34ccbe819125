package io.agentopia.toolbox.agent.tools;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An image named by digest: the only way to name one that can never come to mean another.
 *
 * @param digest {@code sha256:} and 64 hex characters; the same image has it in every registry
 */
public record PinnedImage(String repository, String digest) {
  /** As the droplet's own script takes it; what differs is refused there. */
  private static final Pattern FORM =
      Pattern.compile("([A-Za-z0-9][A-Za-z0-9._:/-]{0,254})@(sha256:[0-9a-f]{64})");

  public static Optional<PinnedImage> parse(String reference) {
    var match = FORM.matcher(reference == null ? "" : reference.strip());
    return match.matches()
        ? Optional.of(new PinnedImage(match.group(1), match.group(2)))
        : Optional.empty();
  }

  public boolean isSameAs(PinnedImage other) {
    return digest.equals(other.digest);
  }

  @Override
  public String toString() {
    return repository + "@" + digest;
  }
}
