package io.agentopia.toolbox.simulator.catalog;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * What can be bought: an excerpt of DigitalOcean's price list with its real slugs, prices and gaps
 * (not every size is to be had in every region, and two old regions take no new droplets).
 */
public final class Catalog {
  private static final List<String> FEATURES =
      List.of("backups", "ipv6", "metadata", "install_agent", "storage", "image_transfer");
  private static final List<String> OPEN =
      List.of(
          "nyc1", "nyc2", "nyc3", "ams3", "sfo2", "sfo3", "sgp1", "lon1", "fra1", "tor1", "blr1",
          "syd1");
  private static final List<String> SMALLEST =
      List.of("nyc1", "nyc3", "ams3", "sfo3", "fra1", "tor1", "syd1");
  private static final List<String> MEMORY_RICH =
      List.of("nyc1", "nyc3", "ams3", "sfo3", "sgp1", "lon1", "fra1", "tor1");

  private static final List<Size> SIZES =
      List.of(
          size("s-1vcpu-512mb-10gb", 512, 1, 10, "0.5", "4", "0.00595", "Basic", SMALLEST),
          size("s-1vcpu-1gb", 1024, 1, 25, "1", "6", "0.00893", "Basic", OPEN),
          size("s-1vcpu-1gb-amd", 1024, 1, 25, "1", "7", "0.01042", "Basic AMD", OPEN),
          size("s-1vcpu-1gb-intel", 1024, 1, 25, "1", "7", "0.01042", "Basic Intel", OPEN),
          size("s-1vcpu-2gb", 2048, 1, 50, "2", "12", "0.01786", "Basic", OPEN),
          size("s-2vcpu-2gb", 2048, 2, 60, "3", "18", "0.02679", "Basic", OPEN),
          size("s-2vcpu-4gb", 4096, 2, 80, "4", "24", "0.03571", "Basic", OPEN),
          size("c-2", 4096, 2, 25, "4", "42", "0.0625", "CPU-Optimized", OPEN),
          size("s-4vcpu-8gb", 8192, 4, 160, "5", "48", "0.07143", "Basic", OPEN),
          size("g-2vcpu-8gb", 8192, 2, 25, "4", "63", "0.09375", "General Purpose", OPEN),
          size("c-4", 8192, 4, 50, "5", "84", "0.125", "CPU-Optimized", OPEN),
          size("m-2vcpu-16gb", 16384, 2, 50, "4", "84", "0.125", "Memory-Optimized", MEMORY_RICH),
          size("s-8vcpu-16gb", 16384, 8, 320, "6", "96", "0.14286", "Basic", OPEN),
          size("g-4vcpu-16gb", 16384, 4, 50, "5", "126", "0.1875", "General Purpose", OPEN));

  private static final List<Region> REGIONS =
      List.of(
          region("New York 1", "nyc1"),
          region("San Francisco 1", "sfo1"),
          region("New York 2", "nyc2"),
          region("Amsterdam 2", "ams2"),
          region("Singapore 1", "sgp1"),
          region("London 1", "lon1"),
          region("New York 3", "nyc3"),
          region("Amsterdam 3", "ams3"),
          region("Frankfurt 1", "fra1"),
          region("Toronto 1", "tor1"),
          region("San Francisco 2", "sfo2"),
          region("Bangalore 1", "blr1"),
          region("San Francisco 3", "sfo3"),
          region("Sydney 1", "syd1"));

  private static final List<Image> IMAGES =
      List.of(
          os(106434098, "11 x64", "Debian", "debian-11-x64", 7, "0.4"),
          os(133023074, "12 x64", "Debian", "debian-12-x64", 7, "0.58"),
          os(194289713, "13 x64", "Debian", "debian-13-x64", 7, "0.61"),
          os(129211873, "22.04 (LTS) x64", "Ubuntu", "ubuntu-22-04-x64", 7, "0.65"),
          os(155133621, "24.04 (LTS) x64", "Ubuntu", "ubuntu-24-04-x64", 7, "0.6"),
          os(165084633, "9 x64", "Rocky Linux", "rockylinux-9-x64", 10, "1.99"),
          os(165084651, "AlmaLinux 9", "AlmaLinux", "almalinux-9-x64", 10, "2.0"),
          os(187599372, "42 x64", "Fedora", "fedora-42-x64", 10, "1.1"),
          app(135214552, "Docker on Ubuntu 22.04", "Ubuntu", "docker-20-04", 25, "2.11"));

  private Catalog() {}

  public static List<Region> regions() {
    return REGIONS;
  }

  public static List<Size> sizes() {
    return SIZES;
  }

  public static List<Image> images() {
    return IMAGES;
  }

  public static Optional<Region> region(String slug) {
    return REGIONS.stream().filter(r -> r.slug().equals(slug)).findFirst();
  }

  public static Optional<Size> size(String slug) {
    return SIZES.stream().filter(s -> s.slug().equals(slug)).findFirst();
  }

  /**
   * @param reference slug or number
   */
  public static Optional<Image> image(String reference) {
    return IMAGES.stream()
        .filter(i -> i.slug().equals(reference) || Long.toString(i.id()).equals(reference))
        .findFirst();
  }

  public static Image image(long id) {
    return image(Long.toString(id)).orElseThrow();
  }

  private static Region region(String name, String slug) {
    var sizes = SIZES.stream().filter(s -> s.regions().contains(slug)).map(Size::slug).toList();
    return new Region(name, slug, FEATURES, OPEN.contains(slug), sizes);
  }

  private static Size size(
      String slug,
      int memory,
      int vcpus,
      int disk,
      String transfer,
      String monthly,
      String hourly,
      String description,
      List<String> regions) {
    return new Size(
        slug,
        memory,
        vcpus,
        disk,
        new BigDecimal(transfer),
        new BigDecimal(monthly),
        new BigDecimal(hourly),
        regions,
        true,
        description);
  }

  private static Image os(
      long id, String name, String distribution, String slug, int disk, String size) {
    return image(id, name, distribution, slug, "base", disk, size);
  }

  private static Image app(
      long id, String name, String distribution, String slug, int disk, String size) {
    return image(id, name, distribution, slug, "snapshot", disk, size);
  }

  private static Image image(
      long id, String name, String distribution, String slug, String type, int disk, String size) {
    return new Image(
        id,
        name,
        distribution,
        slug,
        OPEN,
        "2025-04-24T00:00:00Z",
        type,
        disk,
        new BigDecimal(size),
        distribution + " " + name);
  }
}
