package io.agentopia.toolbox.provisioner.cloud;

import io.agentopia.toolbox.provisioner.cloud.budget.Priority;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * The cloud, as far as toolboxes need it. No method fails for what the cloud answers: each answer
 * is a value, because what follows from it is for the lifecycle to decide.
 */
public interface CloudProvider {

  /** Never repeat it blindly: after {@link Created.Unsure} look the droplet up first. */
  Uni<Created> create(DropletRequest request);

  /** All droplets with the tag, over all pages. */
  Uni<Listed> list(String tag, Priority priority);

  /** As a creation or a deletion needs it. */
  default Uni<Listed> list(String tag) {
    return list(tag, Priority.CHANGE);
  }

  /** Deleting what is gone already is a success. */
  Uni<Deleted> delete(long dropletId);

  /** Whether the cloud knows the droplet, asked for directly: lists lag. */
  Uni<Known> isKnown(long dropletId);

  /** Marks a droplet; a second time changes nothing. */
  Uni<Tagged> tag(long dropletId, String tag);

  /** Takes the mark off; a second time changes nothing. */
  Uni<Tagged> untag(long dropletId, String tag);

  Uni<Catalog> catalog();

  /**
   * @param userData cloud-config; it carries the join token, so it is not part of {@link
   *     #toString()}
   */
  record DropletRequest(
      String name, String region, String size, String image, List<String> tags, String userData) {
    @Override
    public String toString() {
      return "DropletRequest[name="
          + name
          + ", region="
          + region
          + ", size="
          + size
          + ", image="
          + image
          + "]";
    }
  }

  sealed interface Created {
    record Accepted(long dropletId) implements Created {}

    /**
     * @param code {@code cloud_refused}, {@code cloud_credentials_refused}, {@code
     *     size_unavailable} …
     */
    record Refused(String code, String message, String action) implements Created {}

    /** It may have been created. */
    record Unsure(String detail) implements Created {}

    /** It was certainly not created. */
    record Deferred(Duration retryAfter, String detail) implements Created {}
  }

  sealed interface Listed {
    record Droplets(List<Droplet> droplets) implements Listed {}

    record Unavailable(Duration retryAfter, String detail) implements Listed {}
  }

  sealed interface Deleted {
    /** It will go; until then the list may still show it. */
    record Accepted() implements Deleted {}

    /** The cloud does not know it (any more). */
    record Absent() implements Deleted {}

    record Deferred(Duration retryAfter, String detail) implements Deleted {}
  }

  sealed interface Tagged {
    record Done() implements Tagged {}

    /** The cloud does not know the droplet (any more). */
    record Absent() implements Tagged {}

    record Deferred(Duration retryAfter, String detail) implements Tagged {}
  }

  enum Known {
    YES,
    NO,
    UNSURE
  }

  /**
   * @param ipv4 public address, or null while there is none
   */
  record Droplet(
      long id, String name, boolean active, String ipv4, Set<String> tags, Instant createdAt) {}

  record Catalog(List<Region> regions, List<Size> sizes) {}

  record Region(String slug, String name, boolean available, List<String> sizes) {}

  /**
   * @param priceMonthly US dollars
   */
  record Size(
      String slug,
      int memoryMb,
      int vcpus,
      int diskGb,
      double priceMonthly,
      boolean available,
      List<String> regions) {}
}
