package io.agentopia.toolbox.simulator.trial;

import java.util.regex.Pattern;

/** References to images by digest, as the droplet's script takes them. */
public final class Reference {
  private static final Pattern BY_DIGEST =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/-]{0,254}@sha256:[0-9a-f]{64}");

  private Reference() {}

  public static boolean isByDigest(String text) {
    return text != null && BY_DIGEST.matcher(text).matches();
  }

  static boolean areSame(String one, String other) {
    return digest(one).equals(digest(other));
  }

  private static String digest(String reference) {
    return reference.substring(reference.indexOf('@') + 1);
  }
}
