package io.agentopia.toolbox.provisioner.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Created;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Deleted;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Droplet;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.DropletRequest;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Known;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Listed;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Tagged;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every cloud promises, in memory or real. */
abstract class CloudProviderContract {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  static final String FLEET = "agentopia-toolbox";
  final UUID toolbox = UUID.randomUUID();

  abstract CloudProvider cloud();

  @Test
  void aDropletIsListedByItsTagsBecomesActiveAndGetsAnAddress() {
    var before = Instant.now().minusSeconds(1); // a cloud may tell whole seconds
    var id = create();
    await()
        .atMost(PATIENCE)
        .until(() -> listed().stream().anyMatch(d -> d.active() && d.ipv4() != null));

    var droplet = listed().getFirst();
    assertThat(droplet.id()).isEqualTo(id);
    assertThat(droplet.name()).isEqualTo("toolbox-" + toolbox + "-g1");
    assertThat(droplet.tags()).containsAll(Tags.of(FLEET, toolbox, 1));
    assertThat(droplet.createdAt()).isBetween(before, Instant.now());
    assertThat(get(cloud().isKnown(id))).isEqualTo(Known.YES);
    delete(id);
  }

  @Test
  void deletingIsRepeatableAndEndsInAbsence() {
    var id = create();
    // A cloud may put it off while the droplet is still being created, but it never says that there
    // is none.
    var answers = new ArrayList<Deleted>();
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              answers.add(get(cloud().delete(id)));
              return answers.getLast() instanceof Deleted.Accepted;
            });
    assertThat(answers).noneMatch(Deleted.Absent.class::isInstance);
    await().atMost(PATIENCE).until(() -> get(cloud().delete(id)) instanceof Deleted.Absent);
    assertThat(get(cloud().isKnown(id))).isEqualTo(Known.NO);
    await().atMost(PATIENCE).until(() -> listed().isEmpty());
  }

  @Test
  void aTagIsPutOnADropletAndTakenOffAgainAsOftenAsOneLikes() {
    var id = create();
    for (var time = 0; time < 2; time++) {
      assertThat(get(cloud().tag(id, "quarantined"))).isInstanceOf(Tagged.Done.class);
    }
    assertThat(listed()).singleElement().matches(d -> d.tags().contains("quarantined"));
    for (var time = 0; time < 2; time++) {
      assertThat(get(cloud().untag(id, "quarantined"))).isInstanceOf(Tagged.Done.class);
    }
    assertThat(listed()).singleElement().matches(d -> !d.tags().contains("quarantined"));
    delete(id);
    assertThat(get(cloud().tag(id, "quarantined"))).isInstanceOf(Tagged.Absent.class);
  }

  @Test
  void anUnknownDropletIsAbsent() {
    assertThat(get(cloud().delete(999_999_999L))).isInstanceOf(Deleted.Absent.class);
    assertThat(get(cloud().isKnown(999_999_999L))).isEqualTo(Known.NO);
  }

  @Test
  void anUnknownRegionIsRefusedForGoodAndCreatesNothing() {
    var refused = get(cloud().create(request("mars1")));
    assertThat(refused)
        .isInstanceOfSatisfying(
            Created.Refused.class,
            r -> {
              assertThat(r.code()).isEqualTo("region_unavailable");
              assertThat(r.action()).isNotBlank();
            });
    assertThat(listed()).isEmpty();
  }

  @Test
  void theCatalogHasTheRegionsAndSizesWeOffer() {
    var catalog = get(cloud().catalog());
    assertThat(catalog.regions()).anyMatch(r -> r.slug().equals("nyc3") && r.available());
    assertThat(catalog.sizes())
        .anyMatch(
            s -> s.slug().equals("s-1vcpu-1gb") && s.memoryMb() == 1024 && s.priceMonthly() > 0);
  }

  long create() {
    return ((Created.Accepted) get(cloud().create(request("nyc3")))).dropletId();
  }

  void delete(long id) {
    await().atMost(PATIENCE).until(() -> get(cloud().delete(id)) instanceof Deleted.Absent);
  }

  List<Droplet> listed() {
    return ((Listed.Droplets) get(cloud().list(Tags.of(toolbox)))).droplets();
  }

  DropletRequest request(String region) {
    return new DropletRequest(
        "toolbox-" + toolbox + "-g1",
        region,
        "s-1vcpu-1gb",
        "debian-12-x64",
        Tags.of(FLEET, toolbox, 1),
        "#cloud-config\n");
  }

  static <T> T get(Uni<T> answer) {
    return answer.await().atMost(PATIENCE);
  }
}
