package io.agentopia.toolbox.simulator.api;

import io.agentopia.toolbox.simulator.catalog.Catalog;
import io.agentopia.toolbox.simulator.catalog.Image;
import io.agentopia.toolbox.simulator.catalog.Region;
import io.agentopia.toolbox.simulator.catalog.Size;
import io.agentopia.toolbox.simulator.droplet.Spec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** What DigitalOcean objects to in a create request, in its own words where they are known. */
final class CreateRules {
  static final int MOST_AT_ONCE = 10;
  private static final Pattern NAME = Pattern.compile("^[a-zA-Z0-9]?[a-z0-9A-Z.\\-]*[a-z0-9A-Z]$");
  private static final Pattern TAG = Pattern.compile("^[a-zA-Z0-9_\\-:]+$");
  private static final int LONGEST = 255;
  private static final int USER_DATA_BYTES = 64 * 1024;

  private final RequestBody body;

  CreateRules(RequestBody body) {
    this.body = body;
  }

  /** One specification for each droplet asked for. */
  List<Spec> specs() {
    var names = names();
    var size = size();
    var region = region();
    if (!size.regions().contains(region.slug())) {
      throw ApiError.unprocessable("Size is not available in this region.");
    }
    var image = image();
    if (image.minDiskSize() > size.disk()) {
      throw ApiError.unprocessable(
          "The image you selected requires a larger disk than the size you selected has.");
    }
    checkUserData();
    return names.stream().map(n -> spec(n, region, size, image)).toList();
  }

  private Spec spec(String name, Region region, Size size, Image image) {
    return new Spec(
        name,
        region.slug(),
        size.slug(),
        image.id(),
        body.flag("backups"),
        body.flag("ipv6"),
        body.flag("monitoring"),
        body.text("vpc_uuid"),
        body.text("user_data"));
  }

  private List<String> names() {
    var names = body.has("names") ? body.texts("names") : List.of(nameOrBlank());
    if (names.isEmpty()) {
      throw ApiError.unprocessable("Name can't be blank");
    }
    if (names.size() > MOST_AT_ONCE) {
      throw ApiError.unprocessable(
          "You can only create up to " + MOST_AT_ONCE + " Droplets at a time.");
    }
    names.forEach(CreateRules::checkName);
    return names;
  }

  private String nameOrBlank() {
    return body.has("name") ? body.text("name") : "";
  }

  static void checkName(String name) {
    if (name == null || name.isBlank()) {
      throw ApiError.unprocessable("Name can't be blank");
    }
    if (name.length() > LONGEST || !NAME.matcher(name).matches()) {
      throw ApiError.unprocessable(
          "Only valid hostname characters are allowed. (a-z, A-Z, 0-9, . and -)");
    }
  }

  private Size size() {
    return Catalog.size(body.text("size"))
        .filter(Size::available)
        .orElseThrow(
            () -> ApiError.unprocessable("You specified an invalid size for Droplet creation."));
  }

  /** A prefix such as {@code nyc} means any region there; none means any at all. */
  private Region region() {
    var asked = body.text("region");
    if (asked == null) {
      return anyRegion("");
    }
    var region = Catalog.region(asked);
    if (region.isEmpty() && asked.matches("[a-z]{3}")) {
      return anyRegion(asked);
    }
    if (region.isEmpty()) {
      throw ApiError.unprocessable("You specified an invalid region for Droplet creation.");
    }
    if (!region.get().available()) {
      throw ApiError.unprocessable("Region is not available");
    }
    return region.get();
  }

  private Region anyRegion(String prefix) {
    return Catalog.regions().stream()
        .filter(r -> r.available() && r.slug().startsWith(prefix))
        .filter(r -> r.sizes().contains(body.text("size")))
        .findFirst()
        .orElseThrow(
            () -> ApiError.unprocessable("You specified an invalid region for Droplet creation."));
  }

  private Image image() {
    return Catalog.image(String.valueOf(body.text("image")))
        .orElseThrow(
            () -> ApiError.unprocessable("You specified an invalid image for Droplet creation."));
  }

  private void checkUserData() {
    var data = body.text("user_data");
    if (data != null && data.getBytes(StandardCharsets.UTF_8).length > USER_DATA_BYTES) {
      throw ApiError.unprocessable("User data is too long (maximum is 65536 bytes)");
    }
  }

  List<String> tags() {
    var tags = body.texts("tags");
    tags.forEach(CreateRules::checkTag);
    return tags;
  }

  static void checkTag(String tag) {
    if (!isTag(tag)) {
      throw ApiError.unprocessable(
          "Error validating resource tag: \"tag-name \""
              + tag
              + "\" contains invalid characters\"");
    }
  }

  static boolean isTag(String tag) {
    return tag != null && tag.length() <= LONGEST && TAG.matcher(tag).matches();
  }
}
