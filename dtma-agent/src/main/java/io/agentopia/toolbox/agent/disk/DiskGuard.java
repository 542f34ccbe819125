package io.agentopia.toolbox.agent.disk;

import io.agentopia.toolbox.agent.tools.ImageReference;
import io.agentopia.toolbox.agent.tools.ObservedImage;
import io.agentopia.toolbox.agent.tools.PulledImage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides which images go when the disk fills up. Only what this agent pulled may go, and only
 * while no container is made of it, no manifest names it and nobody else gave it a name. Pure.
 */
public final class DiskGuard {

  /**
   * @param startPercent images go once this share of the disk is used
   * @param stopPercent until no more than this share is used
   * @param minimumAge how long an image must have been without use
   */
  public record Rules(double startPercent, double stopPercent, Duration minimumAge) {
    public Rules {
      if (!(stopPercent >= 0 && stopPercent < startPercent && startPercent <= 100)) {
        throw new IllegalArgumentException(
            "The disk guard starts at %s %% and stops at %s %%; set DTMA_DISK_GUARD_STOP_PERCENT below DTMA_DISK_GUARD_START_PERCENT, both from 0 to 100"
                .formatted(startPercent, stopPercent));
      }
    }
  }

  /**
   * What a look found.
   *
   * @param images all on the engine
   * @param idsInUse the images of all containers, ours or not, running or not
   * @param wanted references that the manifest names, and the agent's own images
   * @param pulled what this agent pulled, by image id
   */
  public record Seen(
      List<ObservedImage> images,
      Set<String> idsInUse,
      Set<String> wanted,
      Map<String, PulledImage> pulled) {
    public Seen {
      images = List.copyOf(images);
      idsInUse = Set.copyOf(idsInUse);
      wanted = wanted.stream().map(ImageReference::familiar).collect(Collectors.toSet());
      pulled = Map.copyOf(pulled);
    }

    /** Without those that could not be removed: others may be. */
    Seen without(Set<String> ids) {
      return new Seen(
          images.stream().filter(image -> !ids.contains(image.id())).toList(),
          idsInUse,
          wanted,
          pulled);
    }

    private boolean isUsed(ObservedImage image) {
      return idsInUse.contains(image.id())
          || Stream.concat(image.tags().stream(), image.digests().stream())
              .anyMatch(wanted::contains);
    }
  }

  /**
   * What is to be remembered after a look.
   *
   * @param kept of the images that are there: since when they are without use
   * @param gone ids of images that somebody else removed
   */
  public record Memory(Map<String, PulledImage> kept, Set<String> gone) {}

  private final Rules rules;

  public DiskGuard(Rules rules) {
    this.rules = rules;
  }

  /** The end of a use is the first look that did not find it, so an image is never too young. */
  public Memory remember(Seen seen, Instant now) {
    var kept = new HashMap<String, PulledImage>();
    for (var image : seen.images()) {
      var known = seen.pulled().get(image.id());
      if (known != null) {
        kept.put(image.id(), seen.isUsed(image) ? known.used() : known.unused(now));
      }
    }
    var gone = new HashSet<>(seen.pulled().keySet());
    gone.removeAll(kept.keySet());
    return new Memory(Map.copyOf(kept), Set.copyOf(gone));
  }

  /**
   * Whether images must go now. Having begun, it goes on below the start until the stop: layers
   * that images share make their sizes promise more than a removal frees.
   */
  public boolean mustFree(DiskSpace disk, boolean begun) {
    var used = disk.usedPercent();
    return used >= rules.startPercent() || begun && used > rules.stopPercent();
  }

  /**
   * The images to remove, in this order: longest unused first, of those the largest; no more than
   * their sizes say is needed to come down to the stop.
   *
   * @param seen with what {@link #remember} made of it
   */
  public List<ObservedImage> toRemove(Seen seen, DiskSpace disk, Instant now) {
    var missing = disk.bytesAbove(rules.stopPercent());
    var chosen = new ArrayList<ObservedImage>();
    for (var image : candidates(seen, now)) {
      if (missing <= 0) {
        break;
      }
      chosen.add(image);
      missing -= image.sizeBytes();
    }
    return List.copyOf(chosen);
  }

  private List<ObservedImage> candidates(Seen seen, Instant now) {
    Comparator<ObservedImage> longestUnused =
        Comparator.comparing(i -> seen.pulled().get(i.id()).unusedSince());
    return seen.images().stream()
        .filter(i -> isRemovable(i, seen, now))
        .sorted(
            longestUnused
                .thenComparing(Comparator.comparingLong(ObservedImage::sizeBytes).reversed())
                .thenComparing(ObservedImage::id))
        .toList();
  }

  private boolean isRemovable(ObservedImage image, Seen seen, Instant now) {
    var known = seen.pulled().get(image.id());
    return known != null
        && !seen.isUsed(image)
        && known.unusedSince() != null
        && !known.unusedSince().plus(rules.minimumAge()).isAfter(now)
        && bearsOurNamesOnly(image, known);
  }

  /** A name that we did not pull it by is somebody else's claim. */
  private static boolean bearsOurNamesOnly(ObservedImage image, PulledImage known) {
    var repositories =
        known.references().stream().map(ImageReference::repositoryOf).collect(Collectors.toSet());
    return known.references().containsAll(image.tags())
        && image.digests().stream()
            .map(ImageReference::repositoryOf)
            .allMatch(repositories::contains);
  }
}
