package io.agentopia.toolbox.health.rollout;

import io.agentopia.toolbox.events.ImageDigest;
import io.agentopia.toolbox.events.Rules.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A rollout as an operator asks for it. All that is wrong with it is found at once; a field that is
 * not known is wrong too, for a misspelt limit would silently be the default.
 *
 * @param atOnce null: a tenth of the fleet, at least 10
 * @param maxFailures null: a tenth of the fleet, at least 1
 */
public record RolloutRequest(
    String version,
    List<String> images,
    int canaries,
    Duration bake,
    Duration deadline,
    Integer atOnce,
    Integer maxFailures,
    String reason) {
  private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]{0,63}");
  private static final Pattern IMAGE =
      Pattern.compile(
          "([A-Za-z0-9.-]+(:[0-9]{1,5})?/)?[a-z0-9]+([._/-]+[a-z0-9]+)*@sha256:[0-9a-f]{64}");
  private static final int MOST_IMAGES = 5;
  private static final int LONGEST_IMAGE = 255;
  private static final int LONGEST_REASON = 500;
  private static final int DAY = 86_400;
  private static final Set<String> FIELDS =
      new TreeSet<>(
          Set.of(
              "version",
              "images",
              "canaries",
              "bakeSeconds",
              "deadlineSeconds",
              "atOnce",
              "maxFailures",
              "reason"));

  /** Either a wish, or what is wrong with it. */
  public record Read(RolloutRequest wish, List<Violation> violations) {}

  /**
   * @param repositories where images may come from
   */
  public static Read read(Map<String, ?> body, Repositories repositories) {
    var found = new ArrayList<Violation>();
    body.keySet().stream()
        .filter(f -> !FIELDS.contains(f))
        .forEach(f -> found.add(new Violation(f, "is not known; known are " + FIELDS)));
    var wish =
        new RolloutRequest(
            version(found, body.get("version")),
            images(found, body.get("images"), repositories),
            number(found, body, "canaries", 1, 100, 3),
            Duration.ofSeconds(number(found, body, "bakeSeconds", 1, DAY, 600)),
            Duration.ofSeconds(number(found, body, "deadlineSeconds", 1, DAY, 900)),
            number(found, body, "atOnce", 1, 1000, null),
            number(found, body, "maxFailures", 0, 100_000, null),
            reason(found, body.get("reason"), false));
    return new Read(found.isEmpty() ? wish : null, List.copyOf(found));
  }

  /** Why an operator does something to a rollout; kept with it. */
  public static String reason(List<Violation> found, Object value, boolean isRequired) {
    var isText = value instanceof String text && !text.isBlank() && text.length() <= LONGEST_REASON;
    if (!isText && (isRequired || value != null)) {
      found.add(
          new Violation(
              "reason", "must say why, in 1 to " + LONGEST_REASON + " characters; it is kept"));
    }
    return isText ? (String) value : null;
  }

  public String digest() {
    return ImageDigest.of(images.getFirst());
  }

  /**
   * @param fleet how many toolboxes the rollout is for
   */
  public Settings settings(int fleet) {
    return new Settings(
        canaries,
        bake,
        deadline,
        atOnce == null ? Math.max(10, fleet / 10) : atOnce,
        maxFailures == null ? Math.max(1, fleet / 10) : maxFailures);
  }

  private static String version(List<Violation> found, Object value) {
    if (value instanceof String text && VERSION.matcher(text).matches()) {
      return text;
    }
    found.add(
        new Violation(
            "version",
            "must be what people call the image: 1 to 64 letters, digits, '.', '_', '+' or '-', for example v0.2.0"));
    return null;
  }

  private static List<String> images(
      List<Violation> found, Object value, Repositories repositories) {
    if (!(value instanceof List<?> list) || list.isEmpty() || list.size() > MOST_IMAGES) {
      found.add(
          new Violation(
              "images",
              "must be a list of 1 to "
                  + MOST_IMAGES
                  + " references repository@sha256:<64 hex digits>, in the order in which they are tried"));
      return List.of();
    }
    for (int i = 0; i < list.size(); i++) {
      if (!isImage(list.get(i))) {
        found.add(
            new Violation(
                "images[" + i + "]",
                "must be repository@sha256:<64 hex digits>, without a tag, at most "
                    + LONGEST_IMAGE
                    + " characters"));
      } else if (!repositories.allow((String) list.get(i))) {
        found.add(
            new Violation(
                "images[" + i + "]",
                "must be of one of the repositories that agents' images come from: "
                    + String.join(", ", repositories.allowed())));
      }
    }
    var images = list.stream().filter(RolloutRequest::isImage).map(String.class::cast).toList();
    if (images.stream().map(ImageDigest::of).distinct().count() > 1) {
      found.add(
          new Violation(
              "images", "must all have the same digest: one image in several registries"));
    }
    return images;
  }

  private static boolean isImage(Object value) {
    return value instanceof String text
        && text.length() <= LONGEST_IMAGE
        && IMAGE.matcher(text).matches();
  }

  private static Integer number(
      List<Violation> found, Map<String, ?> body, String field, int low, int high, Integer usual) {
    var value = body.get(field);
    if (value == null) {
      return usual;
    }
    if (value instanceof Integer number && number >= low && number <= high) {
      return number;
    }
    found.add(new Violation(field, "must be a whole number from " + low + " to " + high));
    return usual;
  }
}
