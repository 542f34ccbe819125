package io.agentopia.toolbox.agent.docker;

class InMemoryDockerTest extends DockerGatewayContract {
  @Override
  DockerGateway gateway() {
    return new InMemoryDocker().withImage(IMAGE);
  }
}
