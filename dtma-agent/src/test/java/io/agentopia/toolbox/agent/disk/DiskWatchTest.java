package io.agentopia.toolbox.agent.disk;

import static io.agentopia.toolbox.agent.docker.InMemoryDocker.IMAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.agent.docker.ContainerRequest;
import io.agentopia.toolbox.agent.docker.DockerRefusal;
import io.agentopia.toolbox.agent.docker.ImageShelf;
import io.agentopia.toolbox.agent.docker.InMemoryDocker;
import io.agentopia.toolbox.agent.identity.StateFile;
import io.agentopia.toolbox.agent.identity.StateStore;
import io.agentopia.toolbox.agent.tools.ObservedImage;
import io.agentopia.toolbox.agent.tools.Samples;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guard's decisions carried out, with a clock and a disk set by hand. */
class DiskWatchTest {
  private static final Duration PULL_LIMIT = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final String OLD = "registry.example/old:1";
  private static final String OLDER = "registry.example/older:1";
  private static final String FOREIGN = "debian:12";
  private static final DiskSpace FULL =
      new DiskSpace(10 * IMAGE_BYTES, 9 * IMAGE_BYTES, IMAGE_BYTES);
  private static final DiskSpace EMPTY =
      new DiskSpace(10 * IMAGE_BYTES, IMAGE_BYTES, 9 * IMAGE_BYTES);

  @TempDir Path temp;
  private final InMemoryDocker docker = new InMemoryDocker().withImage(FOREIGN);
  private Instant now = Samples.NOW;
  private DiskSpace disk = FULL;
  private Optional<Set<String>> wanted = Optional.of(Set.of());
  private Set<String> agents = Set.of();
  private StateStore state;
  private DiskWatch watch;

  @BeforeEach
  void anAgentThatPulled() throws IOException {
    start();
    pull(OLDER);
    pull(OLD);
  }

  @Test
  void once_an_hour_without_use_has_passed_images_of_ours_go_until_there_is_room() {
    look();
    assertThat(docker.imageNames()).contains(OLD, OLDER);
    now = now.plus(HOUR);
    look();
    assertThat(docker.imageNames()).containsExactly(FOREIGN);
    assertThat(watch.report())
        .isEqualTo(new DiskWatch.Report(now, 2, 2 * IMAGE_BYTES, 2, 2 * IMAGE_BYTES, null));
    assertThat(state.current().pulledImages()).isEmpty();
    look();
    assertThat(watch.report()).isEqualTo(new DiskWatch.Report(now, 0, 0, 2, 2 * IMAGE_BYTES, null));
  }

  @Test
  void with_room_on_the_disk_nothing_goes() {
    disk = EMPTY;
    look();
    now = now.plus(HOUR);
    look();
    assertThat(docker.imageNames()).contains(OLD, OLDER);
  }

  @Test
  void an_agent_started_again_remembers_what_it_pulled_and_since_when_it_is_unused()
      throws IOException {
    look();
    now = now.plus(HOUR);
    start();
    look();
    assertThat(docker.imageNames()).containsExactly(FOREIGN);
  }

  @Test
  void without_a_manifest_nothing_goes() {
    look();
    wanted = Optional.empty();
    now = now.plus(HOUR);
    look();
    assertThat(docker.imageNames()).contains(OLD, OLDER);
    assertThat(watch.report().lastRunAt()).isEqualTo(now);
  }

  @Test
  void the_agents_own_image_stays() throws IOException {
    agents = Set.of(OLD);
    start();
    look();
    now = now.plus(HOUR);
    look();
    assertThat(docker.imageNames()).containsExactlyInAnyOrder(FOREIGN, OLD);
  }

  @Test
  void a_stopped_container_keeps_its_image_and_the_hour_begins_when_it_goes() {
    var container = docker.create(request(OLD));
    look();
    now = now.plus(HOUR);
    look();
    assertThat(docker.imageNames()).containsExactlyInAnyOrder(FOREIGN, OLD);
    docker.remove(container);
    look();
    now = now.plus(HOUR).minusSeconds(1);
    look();
    assertThat(docker.imageNames()).contains(OLD);
    now = now.plusSeconds(1);
    look();
    assertThat(docker.imageNames()).containsExactly(FOREIGN);
  }

  @Test
  void an_image_that_gets_a_container_between_look_and_removal_stays_and_is_no_problem()
      throws IOException {
    look();
    now = now.plus(HOUR);
    // The disk is read after the images and before the removal.
    start(
        () -> {
          docker.create(request(OLD));
          return disk;
        });
    look();
    assertThat(docker.imageNames()).containsExactlyInAnyOrder(FOREIGN, OLD);
    assertThat(watch.report().removedImages()).isEqualTo(1);
    assertThat(watch.report().problem()).isNull();
  }

  @Test
  void an_image_that_the_manifest_names_between_look_and_removal_stays() throws IOException {
    look();
    now = now.plus(HOUR);
    start(
        () -> {
          wanted = Optional.of(Set.of(OLD));
          return disk;
        });
    look();
    assertThat(docker.imageNames()).containsExactlyInAnyOrder(FOREIGN, OLD);
  }

  @Test
  void an_image_with_two_names_of_ours_goes_altogether() {
    docker.withTag(OLD, OLDER + "-too");
    pull(OLDER + "-too");
    look();
    now = now.plus(HOUR);
    look();
    assertThat(docker.imageNames()).containsExactly(FOREIGN);
  }

  /** As an engine with the classic store answers; by its id such an image never goes. */
  @Test
  void an_image_that_two_repositories_name_goes_name_by_name() throws IOException {
    var digest = "@sha256:" + "4a".repeat(32);
    var image =
        new ObservedImage(
            "sha256:two", List.of(), List.of("r.example/a" + digest, "r.example/b" + digest), 7);
    state.updateAnyway(s -> s.pulled("sha256:two", "r.example/a" + digest));
    state.updateAnyway(s -> s.pulled("sha256:two", "r.example/b" + digest));
    var shelf = new OneImage(image);
    start(() -> disk, shelf);
    look();
    now = now.plus(HOUR);
    look();
    assertThat(shelf.names).isEmpty();
    assertThat(watch.report().removedImages()).isEqualTo(1);
  }

  @Test
  void what_cannot_be_removed_counts_for_nothing_and_others_go_instead() throws IOException {
    // One image is enough to come down to the stop.
    disk = new DiskSpace(100 * IMAGE_BYTES, 86 * IMAGE_BYTES, 14 * IMAGE_BYTES);
    var stuck = docker.images().find(OLDER).orElseThrow().id();
    start(() -> disk, new StuckImage(docker.images(), stuck));
    look();
    now = now.plus(HOUR);
    look();
    assertThat(docker.imageNames()).containsExactlyInAnyOrder(FOREIGN, OLDER);
    assertThat(watch.report())
        .isEqualTo(new DiskWatch.Report(now, 1, IMAGE_BYTES, 1, IMAGE_BYTES, null));
  }

  @Test
  void with_docker_away_it_says_so_and_looks_again() {
    docker.goAway();
    look();
    assertThat(watch.report().problem()).contains("no answer from Docker");
    docker.comeBack();
    look();
    assertThat(watch.report().problem()).isNull();
    assertThat(state.current().pulledImages()).hasSize(2);
  }

  private void look() {
    watch.look();
  }

  private void start() throws IOException {
    start(() -> disk);
  }

  private void start(DiskWatch.Disk read) throws IOException {
    start(read, docker.images());
  }

  private void start(DiskWatch.Disk read, ImageShelf images) throws IOException {
    state = StateStore.open(new StateFile(temp.resolve("state")));
    watch =
        new DiskWatch(
            new DiskWatch.Parts(
                new DiskGuard(new DiskGuard.Rules(85, 75, HOUR)),
                images,
                state,
                read,
                () -> wanted,
                () -> agents,
                clock()));
  }

  private Clock clock() {
    InstantSource hands = () -> now;
    return hands.withZone(ZoneOffset.UTC);
  }

  private void pull(String image) {
    docker.withRemoteImage(image).pull(image, PULL_LIMIT);
    var id = docker.images().find(image).orElseThrow().id();
    state.updateAnyway(s -> s.pulled(id, image));
  }

  private static ContainerRequest request(String image) {
    var tool = Samples.wanted(Samples.SEARCH, "search", image, "stopped", 1, 0);
    return new ContainerRequest("search", "bridge", Samples.TOOLBOX, tool, Map.of());
  }

  private static DockerRefusal conflict(String found) {
    return new DockerRefusal(DockerRefusal.Kind.CONFLICT, found, null);
  }

  /** An engine with one image, which is there for as long as it has a name. */
  private static final class OneImage implements ImageShelf {
    private final ObservedImage image;
    private final Set<String> names;

    OneImage(ObservedImage image) {
      this.image = image;
      this.names = new HashSet<>(image.digests());
    }

    @Override
    public List<ObservedImage> list() {
      return names.isEmpty() ? List.of() : List.of(image);
    }

    @Override
    public Optional<ObservedImage> find(String reference) {
      return list().stream().findFirst();
    }

    @Override
    public Set<String> idsInUse() {
      return Set.of();
    }

    @Override
    public void remove(String imageIdOrTag) {
      if (imageIdOrTag.equals(image.id()) && names.size() > 1) {
        throw conflict("image is referenced in multiple repositories");
      }
      names.remove(imageIdOrTag);
    }
  }

  /** One of the images cannot be removed, for whatever reason the engine has. */
  private record StuckImage(ImageShelf others, String stuck) implements ImageShelf {
    @Override
    public List<ObservedImage> list() {
      return others.list();
    }

    @Override
    public Optional<ObservedImage> find(String reference) {
      return others.find(reference);
    }

    @Override
    public Set<String> idsInUse() {
      return others.idsInUse();
    }

    @Override
    public void remove(String imageIdOrTag) {
      if (imageIdOrTag.equals(stuck)) {
        throw conflict("image is being used by a container that no list shows");
      }
      others.remove(imageIdOrTag);
    }
  }
}
