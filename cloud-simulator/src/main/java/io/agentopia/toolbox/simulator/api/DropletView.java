package io.agentopia.toolbox.simulator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.agentopia.toolbox.simulator.catalog.Catalog;
import io.agentopia.toolbox.simulator.droplet.Droplet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A droplet as DigitalOcean shows it, with every field that its schema requires. */
@JsonNaming(SnakeCaseStrategy.class)
record DropletView(
    long id,
    String name,
    int memory,
    int vcpus,
    int disk,
    List<Map<String, Object>> diskInfo,
    boolean locked,
    String status,
    Object kernel,
    String createdAt,
    List<String> features,
    List<Long> backupIds,
    Object nextBackupWindow,
    List<Long> snapshotIds,
    ImageView image,
    List<String> volumeIds,
    SizeView size,
    String sizeSlug,
    Networks networks,
    RegionView region,
    List<String> tags,
    @JsonInclude(JsonInclude.Include.NON_NULL) String vpcUuid) {

  record Networks(List<Network> v4, List<Network> v6) {}

  /**
   * @param netmask a dotted mask for version 4, a number for version 6
   */
  @JsonNaming(SnakeCaseStrategy.class)
  record Network(String ipAddress, Object netmask, String gateway, String type) {}

  static DropletView of(Droplet droplet) {
    var spec = droplet.spec();
    var size = Catalog.size(spec.size()).orElseThrow();
    return new DropletView(
        droplet.id(),
        spec.name(),
        size.memory(),
        size.vcpus(),
        size.disk(),
        SizeView.diskInfo(size.disk()),
        droplet.isLocked(),
        droplet.status(),
        null,
        Times.of(droplet.createdAt()),
        features(droplet),
        List.of(),
        null,
        List.of(),
        ImageView.of(Catalog.image(spec.imageId())),
        List.of(),
        SizeView.of(size),
        size.slug(),
        networks(droplet),
        RegionView.of(Catalog.region(spec.region()).orElseThrow()),
        droplet.tags(),
        spec.vpcUuid());
  }

  private static List<String> features(Droplet droplet) {
    var features = new ArrayList<String>();
    if (droplet.spec().backups()) {
      features.add("backups");
    }
    if (droplet.spec().monitoring()) {
      features.add("monitoring");
    }
    if (droplet.spec().ipv6()) {
      features.add("ipv6");
    }
    features.add("droplet_agent");
    features.add("private_networking");
    return features;
  }

  /** Empty until the address is there; then the private one beside it, which leads nowhere. */
  private static Networks networks(Droplet droplet) {
    if (droplet.address() == null) {
      return new Networks(List.of(), List.of());
    }
    var tail = droplet.address().substring(droplet.address().indexOf('.') + 1);
    var inside = new Network("10." + tail, "255.255.0.0", "nil", "private");
    var gateway = droplet.address().replaceFirst("\\d+$", "1");
    var outside = new Network(droplet.address(), "255.255.240.0", gateway, "public");
    var v6 = "2001:db8:77::" + Long.toHexString(droplet.id() & 0xffff);
    return new Networks(
        List.of(inside, outside),
        droplet.spec().ipv6()
            ? List.of(new Network(v6, 64, "2001:db8:77::1", "public"))
            : List.of());
  }
}
