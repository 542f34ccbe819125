package io.agentopia.toolbox.agent.docker;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * Pulls, and looks whether the image is there then: a stream that ends without an error and without
 * the image would be pulled for ever.
 *
 * @param pulled told of each image that was not there and now is
 */
public record CheckedPull(DockerGateway docker, Duration limit, Consumer<String> pulled) {

  public void run(String image) {
    docker.pull(image, limit);
    if (!docker.hasImage(image)) {
      throw new DockerRefusal(
          DockerRefusal.Kind.OTHER,
          "pulling image " + image + ": the pull ended, but the image is not there",
          null);
    }
    pulled.accept(image);
  }
}
