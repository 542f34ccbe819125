package io.agentopia.toolbox.agent.docker;

import static io.agentopia.toolbox.agent.docker.DockerErrors.ask;
import static io.agentopia.toolbox.agent.docker.DockerErrors.unlessGone;

import com.github.dockerjava.api.model.Container;
import io.agentopia.toolbox.agent.tools.ObservedImage;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** {@link ImageShelf} over docker-java. */
final class DockerJavaImages implements ImageShelf {
  private final EngineConnection engine;

  DockerJavaImages(EngineConnection engine) {
    this.engine = engine;
  }

  @Override
  public List<ObservedImage> list() {
    return ask(
        "listing the images",
        () ->
            engine.quick().listImagesCmd().exec().stream()
                .map(
                    i ->
                        new ObservedImage(
                            i.getId(),
                            names(i.getRepoTags()),
                            names(i.getRepoDigests()),
                            size(i.getSize())))
                .toList());
  }

  @Override
  public Optional<ObservedImage> find(String reference) {
    return unlessGone(
        () ->
            ask(
                "looking for image " + reference,
                () -> {
                  var found = engine.quick().inspectImageCmd(reference).exec();
                  return Optional.of(
                      new ObservedImage(
                          found.getId(),
                          found.getRepoTags(),
                          found.getRepoDigests(),
                          size(found.getSize())));
                }),
        Optional.empty());
  }

  @Override
  public Set<String> idsInUse() {
    return ask(
        "listing the images in use",
        () ->
            engine.quick().listContainersCmd().withShowAll(true).exec().stream()
                .map(Container::getImageId)
                .collect(Collectors.toUnmodifiableSet()));
  }

  @Override
  public void remove(String imageIdOrTag) {
    unlessGone(
        () ->
            ask(
                "removing image " + imageIdOrTag,
                () -> engine.quick().removeImageCmd(imageIdOrTag).withForce(false).exec()),
        null);
  }

  private static List<String> names(String[] found) {
    return found == null ? List.of() : Arrays.asList(found);
  }

  private static long size(Long found) {
    return found == null ? 0 : found;
  }
}
