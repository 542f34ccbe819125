package io.agentopia.toolbox.agent.disk;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.agentopia.toolbox.agent.docker.DockerRefusal;
import io.agentopia.toolbox.agent.docker.DockerUnavailable;
import io.agentopia.toolbox.agent.docker.ImageShelf;
import io.agentopia.toolbox.agent.identity.StateStore;
import io.agentopia.toolbox.agent.tools.ImageReference;
import io.agentopia.toolbox.agent.tools.ObservedImage;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Carries out what {@link DiskGuard} decides. As long as the manifest is not known nothing goes: an
 * image without a container may be the next to get one.
 */
public final class DiskWatch {
  private static final Logger LOG = Logger.getLogger(DiskWatch.class);

  /** Reads the disk. */
  @FunctionalInterface
  public interface Disk {
    DiskSpace read() throws IOException;
  }

  /**
   * What the watch is built of.
   *
   * @param wanted references that the manifest names; empty as long as it is not known
   * @param agents references of the agent's own images: the one it runs from, the one before it and
   *     the one it moves to, as far as they are known
   */
  public record Parts(
      DiskGuard guard,
      ImageShelf images,
      StateStore state,
      Disk disk,
      Supplier<Optional<Set<String>>> wanted,
      Supplier<Set<String>> agents,
      Clock clock) {}

  /**
   * The last run, and the sum of all since the start.
   *
   * @param lastRunAt null before the first
   * @param freedBytes sizes of the images that the last run removed; shared layers stay
   * @param problem what kept the last run from its work, or null
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonNaming(SnakeCaseStrategy.class)
  public record Report(
      Instant lastRunAt,
      int removedImages,
      long freedBytes,
      long removedImagesTotal,
      long freedBytesTotal,
      String problem) {

    public static Report nothingYet() {
      return new Report(null, 0, 0, 0, 0, null);
    }

    private Report next(Instant at, List<ObservedImage> removed, String found) {
      var bytes = removed.stream().mapToLong(ObservedImage::sizeBytes).sum();
      return new Report(
          at,
          removed.size(),
          bytes,
          removedImagesTotal + removed.size(),
          freedBytesTotal + bytes,
          found);
    }
  }

  private final Parts parts;
  private boolean begun;

  /** Said once, not every minute. */
  private boolean toldOfNone;

  private volatile Report report = Report.nothingYet();

  public DiskWatch(Parts parts) {
    this.parts = parts;
  }

  public Report report() {
    return report;
  }

  /** One look; the loop's step. */
  public void look() {
    var now = parts.clock().instant();
    var removed = new ArrayList<ObservedImage>();
    String problem = null;
    try {
      run(now, removed);
    } catch (DockerUnavailable | DockerRefusal | IOException e) {
      problem = e.getMessage();
      LOG.warnf("Disk guard did not finish, looks again found=\"%s\"", problem);
    }
    report = report.next(now, removed, problem);
  }

  private void run(Instant now, List<ObservedImage> removed) throws IOException {
    var wanted = wantedNow();
    // Taken before the images are listed: what is pulled in between is not taken for gone.
    var pulled = parts.state().current().pulledImages();
    if (wanted.isEmpty()) {
      return;
    }
    var images = parts.images().list();
    var seen = new DiskGuard.Seen(images, parts.images().idsInUse(), wanted.get(), pulled);
    var memory = parts.guard().remember(seen, now);
    parts.state().updateAnyway(s -> s.withPulledImages(memory.kept(), memory.gone()));
    var disk = parts.disk().read();
    begun = parts.guard().mustFree(disk, begun);
    if (!begun) {
      toldOfNone = false;
    } else {
      free(new DiskGuard.Seen(images, seen.idsInUse(), wanted.get(), memory.kept()), disk, removed);
    }
  }

  private void free(DiskGuard.Seen seen, DiskSpace disk, List<ObservedImage> removed) {
    var left = seen;
    var stays = new HashSet<String>();
    while (true) {
      var chosen =
          parts.guard().toRemove(left, disk.without(sizes(removed)), parts.clock().instant());
      var failed = new HashSet<String>();
      for (var image : chosen) {
        if (!isWantedMeanwhile(image) && remove(image)) {
          gone(image, disk);
          removed.add(image);
        } else {
          failed.add(image.id());
        }
      }
      stays.addAll(failed);
      if (failed.isEmpty()) {
        break;
      }
      // What could not go frees nothing: the next ones have to.
      left = left.without(chosen.stream().map(ObservedImage::id).collect(Collectors.toSet()));
    }
    tellOfNone(removed, stays, disk);
  }

  private void gone(ObservedImage image, DiskSpace disk) {
    parts.state().updateAnyway(s -> s.withPulledImages(Map.of(), Set.of(image.id())));
    LOG.infof(
        "Image removed, the disk is filling up image=%s id=%s freedBytes=%d usedPercent=%.1f",
        image.name(), image.id(), image.sizeBytes(), disk.usedPercent());
  }

  private void tellOfNone(List<ObservedImage> removed, Set<String> stays, DiskSpace disk) {
    if (removed.isEmpty() && !toldOfNone) {
      LOG.warnf(
          "Disk is filling up and no image may go; remove what else fills it usedPercent=%.1f"
              + " couldNotBeRemoved=%s",
          disk.usedPercent(), stays);
    }
    toldOfNone = removed.isEmpty();
  }

  private static long sizes(List<ObservedImage> images) {
    return images.stream().mapToLong(ObservedImage::sizeBytes).sum();
  }

  private Optional<Set<String>> wantedNow() {
    return parts
        .wanted()
        .get()
        .map(
            references -> {
              var all = new HashSet<>(references);
              all.addAll(parts.agents().get());
              return Set.copyOf(all);
            });
  }

  private boolean isWantedMeanwhile(ObservedImage image) {
    return wantedNow()
        .map(w -> w.stream().map(ImageReference::familiar))
        .orElseGet(Stream::empty)
        .anyMatch(w -> image.tags().contains(w) || image.digests().contains(w));
  }

  /**
   * By its id, so that a tag which has just moved to another image does not take that one along;
   * several tags, or names in several repositories, Docker wants to be told one by one. Whether it
   * is gone only the engine knows.
   */
  private boolean remove(ObservedImage image) {
    try {
      namesToRemove(image).forEach(parts.images()::remove);
      return parts.images().find(image.id()).isEmpty();
    } catch (DockerRefusal e) {
      if (e.kind() != DockerRefusal.Kind.CONFLICT) {
        throw e;
      }
      LOG.debugf("Image stays, it is in use id=%s found=\"%s\"", image.id(), e.getMessage());
      return false;
    }
  }

  private static List<String> namesToRemove(ObservedImage image) {
    var all = Stream.concat(image.tags().stream(), image.digests().stream()).distinct().toList();
    var repositories = all.stream().map(ImageReference::repositoryOf).distinct().count();
    return image.tags().size() > 1 || repositories > 1 ? all : List.of(image.id());
  }
}
