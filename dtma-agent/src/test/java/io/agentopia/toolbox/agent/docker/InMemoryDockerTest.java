package io.agentopia.toolbox.agent.docker;

import io.agentopia.toolbox.agent.tools.ObservedImage;

class InMemoryDockerTest extends DockerGatewayContract {
  private final InMemoryDocker engine = new InMemoryDocker().withImage(IMAGE);

  @Override
  DockerGateway gateway() {
    return engine;
  }

  @Override
  void addSpareImage(String tag) {
    engine.withImage(tag);
  }

  @Override
  void name(ObservedImage image, String tag) {
    engine.withTag(image.tags().getFirst(), tag);
  }
}
