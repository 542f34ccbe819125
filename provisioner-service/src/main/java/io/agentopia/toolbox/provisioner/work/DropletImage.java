package io.agentopia.toolbox.provisioner.work;

import io.agentopia.toolbox.provisioner.ProvisionerConfig;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Of which image droplets are made: one that the boot was tried on, or one of the operator's. */
@ApplicationScoped
public class DropletImage {
  private static final Logger LOG = Logger.getLogger(DropletImage.class);

  /** With a supported engine first. */
  static final List<String> TRIED = List.of("debian-13-x64", "debian-12-x64");

  /** Its Docker 20.10 gets no more updates, and cannot unpack images with zstd layers. */
  private static final String OUT_OF_SUPPORT = "debian-12-x64";

  private final ProvisionerConfig config;

  @Inject
  public DropletImage(ProvisionerConfig config) {
    this.config = config;
  }

  /** Before the first droplet is made of it. */
  void start(@Observes @Priority(5) StartupEvent event) {
    refusal(config.dropletImage())
        .ifPresent(
            why -> {
              throw new IllegalStateException(why);
            });
    if (config.dropletImage().equals(OUT_OF_SUPPORT)) {
      LOG.warnf(
          "droplets are made of %s, whose Docker engine is out of support and unpacks no zstd"
              + " layers; set provisioner.droplet-image=%s",
          OUT_OF_SUPPORT, TRIED.getFirst());
    }
  }

  /**
   * @param image a slug, or the number of an image of one's own
   * @return why no droplet is made of it; empty where one is
   */
  static Optional<String> refusal(String image) {
    return TRIED.contains(image) || image.matches("[0-9]{1,18}")
        ? Optional.empty()
        : Optional.of(
            "provisioner.droplet-image is '%s', on which the boot was never tried: use one of %s, or the number of an image of your own that is made from one of them."
                .formatted(image, TRIED));
  }
}
