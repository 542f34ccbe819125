package io.agentopia.toolbox.gateway.catalog;

import io.agentopia.toolbox.events.Rules.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The regions and sizes that can be had. */
public record Catalog(List<Region> regions, List<Size> sizes) {

  public record Region(String slug, String name, boolean available, List<String> sizes) {}

  /**
   * @param memoryMb MiB
   * @param diskGb GiB
   * @param priceMonthly US dollars
   */
  public record Size(
      String slug,
      int memoryMb,
      int vcpus,
      int diskGb,
      double priceMonthly,
      boolean available,
      List<String> regions) {}

  /** A size by its slug, whether it can be had now or not: droplets of it may stand. */
  public Optional<Size> size(String slug) {
    return sizes.stream().filter(s -> s.slug().equals(slug)).findFirst();
  }

  /** What is wrong with a wish for that region and size. */
  public List<Violation> objections(String regionSlug, String sizeSlug) {
    var found = new ArrayList<Violation>();
    var region =
        regions.stream().filter(r -> r.slug().equals(regionSlug) && r.available()).findFirst();
    var size = sizes.stream().filter(s -> s.slug().equals(sizeSlug) && s.available()).findFirst();
    if (region.isEmpty()) {
      found.add(
          Violation.of(
              "region",
              "is none of " + regions.stream().filter(Region::available).map(Region::slug).toList(),
              regionSlug));
    }
    if (size.isEmpty()) {
      found.add(
          Violation.of(
              "size",
              "is none of " + sizes.stream().filter(Size::available).map(Size::slug).toList(),
              sizeSlug));
    }
    if (region.isPresent() && size.isPresent() && !size.get().regions().contains(regionSlug)) {
      found.add(new Violation("size", "is not available in region " + regionSlug));
    }
    return found;
  }
}
