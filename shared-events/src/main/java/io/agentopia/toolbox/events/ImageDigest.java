package io.agentopia.toolbox.events;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The digest of an image reference: what tells whether two references, perhaps of two registries,
 * are the same image.
 */
public final class ImageDigest {
  private static final Pattern BY_DIGEST = Pattern.compile("[^\\s@]{1,255}@(sha256:[0-9a-f]{64})");

  private ImageDigest() {}

  /**
   * @return {@code sha256:…}, or null of what is no reference by digest
   */
  public static @Nullable String of(@Nullable String reference) {
    if (reference == null) {
      return null;
    }
    var found = BY_DIGEST.matcher(reference);
    return found.matches() ? found.group(1) : null;
  }
}
