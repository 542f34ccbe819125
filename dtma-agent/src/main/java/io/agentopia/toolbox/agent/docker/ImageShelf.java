package io.agentopia.toolbox.agent.docker;

import io.agentopia.toolbox.agent.tools.ObservedImage;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The images that an engine keeps; its calls fail as those of {@link DockerGateway} do. */
public interface ImageShelf {

  /** Of an engine that keeps no images to speak of. */
  ImageShelf NONE =
      new ImageShelf() {
        @Override
        public List<ObservedImage> list() {
          return List.of();
        }

        @Override
        public Optional<ObservedImage> find(String reference) {
          return Optional.empty();
        }

        @Override
        public Set<String> idsInUse() {
          return Set.of();
        }

        @Override
        public void remove(String imageIdOrTag) {
          // There is none.
        }
      };

  /** All on the engine, ours or not; without the layers between them. */
  List<ObservedImage> list();

  Optional<ObservedImage> find(String reference);

  /** The images of all containers on the engine, ours or not, running or not. */
  Set<String> idsInUse();

  /**
   * Never by force. One that is gone is left alone. Refusal: CONFLICT while a container, whatever
   * its state, uses it, or when it is named by its id and has several tags.
   */
  void remove(String imageIdOrTag);
}
