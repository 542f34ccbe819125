package io.agentopia.toolbox.local.images;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which tags a build makes, and under which references a push puts them. */
public final class Tags {
  public static final String LATEST = "latest";
  private static final Pattern VERSION =
      Pattern.compile("v\\d+\\.\\d+\\.\\d+(?<pre>-[0-9A-Za-z.-]+)?");
  private static final Pattern REPOSITORY =
      Pattern.compile(
          "[a-z0-9.-]+(:\\d+)?(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)+|"
              + "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*");
  private static final String NAME = "{name}";

  private Tags() {}

  /** The version itself, checked: {@code v1.2.3} or {@code v1.2.3-rc.1}. */
  public static String version(String text) {
    if (!VERSION.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "\"%s\" is no version; say vX.Y.Z, for example v1.2.3".formatted(text));
    }
    return text;
  }

  /** A release moves {@code latest} along; a pre-release does not. */
  public static List<String> of(Optional<String> version, boolean moveLatest) {
    if (version.isEmpty()) {
      return List.of(LATEST);
    }
    var matcher = VERSION.matcher(version(version.get()));
    var release = matcher.matches() && matcher.group("pre") == null;
    return release && moveLatest ? List.of(version.get(), LATEST) : List.of(version.get());
  }

  /**
   * The repositories for one image; {@code {name}} stands for its name, and must be there when
   * several images are pushed: they would overwrite each other.
   */
  public static List<String> repositories(List<String> wanted, Image image, int images) {
    var repositories = new ArrayList<String>();
    for (var text : wanted) {
      if (images > 1 && !text.contains(NAME)) {
        throw new IllegalArgumentException(
            "%d images cannot share the repository \"%s\"; put {name} into it, for example %s-{name}"
                .formatted(images, text, text));
      }
      var repository = text.replace(NAME, image.name());
      if (!REPOSITORY.matcher(repository).matches()) {
        throw new IllegalArgumentException(
            "\"%s\" is no repository; say for example docker.io/agentopia/dtma, without a tag"
                .formatted(repository));
      }
      repositories.add(repository);
    }
    return repositories;
  }
}
