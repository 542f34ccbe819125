package io.agentopia.toolbox.local.images;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Puts a built image into registries. One that refuses does not keep it from the others. */
public final class ImagePublisher {
  /** {@code version} empty: what was built last, as {@code latest}. */
  public record Wish(List<String> repositories, Optional<String> version, boolean moveLatest) {}

  private final DockerCli docker;

  public ImagePublisher(Path directory) {
    this.docker = new DockerCli(directory);
  }

  /** Tells each outcome as it comes, and gives them all. */
  public List<DockerCli.Push> push(Image image, Wish wish, Consumer<DockerCli.Push> tell) {
    docker.requiredPlatform();
    var tags = Tags.of(wish.version(), wish.moveLatest());
    var local = image.local(tags.getFirst());
    if (!docker.has(local)) {
      throw new IllegalStateException(
          "pushing %s: this engine has no image %s; ./toolbox image build %s%s makes it"
              .formatted(
                  image.name(),
                  local,
                  image.name(),
                  wish.version().map(v -> " --tag " + v).orElse("")));
    }
    var outcomes = new ArrayList<DockerCli.Push>();
    for (var repository : wish.repositories()) {
      push(local, repository, tags)
          .forEach(
              outcome -> {
                outcomes.add(outcome);
                tell.accept(outcome);
              });
    }
    return outcomes;
  }

  /** {@code latest} comes last, and only when the version is there. */
  private List<DockerCli.Push> push(String local, String repository, List<String> tags) {
    var outcomes = new ArrayList<DockerCli.Push>();
    for (var tag : tags) {
      var reference = repository + ":" + tag;
      docker.tag(local, reference).orFail("tagging " + local + " as " + reference);
      var outcome = docker.push(reference);
      outcomes.add(outcome);
      if (!outcome.ok()) {
        break;
      }
    }
    return outcomes;
  }
}
