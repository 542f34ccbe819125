package io.agentopia.toolbox.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.agentopia.toolbox.bench.footprint.AgentContainer;
import io.agentopia.toolbox.bench.footprint.StandInControlPlane;
import io.agentopia.toolbox.embedded.Ports;
import io.agentopia.toolbox.local.images.DockerCli;
import io.agentopia.toolbox.local.images.Image;
import io.agentopia.toolbox.local.images.ImageBuilder;
import io.agentopia.toolbox.local.images.ImagePublisher;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent as droplets get it: made, run with next to no rights, and put into registries. */
@Tag("droplet")
@Tag("all")
class AgentImageTest {
  private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
  private static final Image DTMA = Image.named("dtma").getFirst();

  /** A version of its own, so that nobody's {@code latest} moves. */
  private static final String VERSION = "v0.0.0-test." + ProcessHandle.current().pid();

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final DockerCli DOCKER = new DockerCli(REPOSITORY);
  private static final List<String> NAMES = new ArrayList<>();
  @TempDir static Path work;
  private static ImageBuilder.Built built;

  @BeforeAll
  static void anImage() throws Exception {
    assumeTrue(DOCKER.platform().isPresent(), "no Docker engine answers");
    assumeTrue(DOCKER.has(ImageBuilder.BASE), "the engine has no image " + ImageBuilder.BASE);
    built = build("one");
  }

  private static ImageBuilder.Built build(String directory) throws Exception {
    var wish = new ImageBuilder.Wish(ImageBuilder.BASE, Optional.of(VERSION), false);
    var made = new ImageBuilder(REPOSITORY, work.resolve(directory)).build(DTMA, wish);
    NAMES.addAll(made.names());
    // The second takes the name from the first.
    NAMES.add(made.id());
    return made;
  }

  @AfterAll
  static void noImagesAreLeft() {
    NAMES.forEach(name -> DOCKER.docker("image", "rm", name));
  }

  @Test
  void madeTwiceFromNothingItHasTheSameLayers() throws Exception {
    assertThat(built.layers()).hasSize(4);
    assertThat(build("two").layers()).isEqualTo(built.layers());
  }

  @Test
  void itJoinsAndManagesToolsWithoutBeingRoot() throws Exception {
    try (var controlPlane = new StandInControlPlane();
        var agent = run(controlPlane.address())) {
      await("the engine to find it healthy")
          .atMost(PATIENCE)
          .until(() -> agent.inspect("{{.State.Health.Status}}").equals("healthy"));
      assertThat(agent.health()).hasValue(200);
      assertThat(agent.exec("id", "-u").strip()).isEqualTo("10001");
      assertThat(agent.exec("grep", "CapEff", "/proc/1/status")).contains("0000000000000000");
      assertThat(agent.inspect("{{.HostConfig.ReadonlyRootfs}}")).isEqualTo("true");

      controlPlane.wantTools(1);
      await("a tool of its making").atMost(PATIENCE).until(() -> controlPlane.toolsRunning() == 1);

      controlPlane.deleteToolbox();
      await("its end")
          .atMost(PATIENCE)
          .until(() -> agent.inspect("{{.State.Status}} {{.State.ExitCode}}").equals("exited 3"));
    }
  }

  @Test
  void whileItHasNotJoinedItAnswersThatItIsDown() throws Exception {
    try (var agent = run(URI.create("http://127.0.0.1:1"))) {
      await("an answer").atMost(PATIENCE).until(() -> agent.health().isPresent());
      assertThat(agent.health()).hasValue(503);
      assertThat(agent.inspect("{{.State.Health.Status}}")).isEqualTo("starting");
    }
  }

  @Test
  void aRegistryThatRefusesDoesNotKeepItFromTheOther() throws Exception {
    try (var registry = Registry.start(work.resolve("registry"));
        var closed = Registry.refusing()) {
      var repositories = List.of(closed.repository(), registry.repository());
      var wish = new ImagePublisher.Wish(repositories, Optional.of(VERSION), true);
      var told = new ArrayList<DockerCli.Push>();

      var outcomes = new ImagePublisher(REPOSITORY).push(DTMA, wish, told::add);
      outcomes.forEach(outcome -> NAMES.add(outcome.reference()));

      assertThat(told).isEqualTo(outcomes).hasSize(2);
      assertThat(outcomes.getFirst().ok()).isFalse();
      assertThat(outcomes.getFirst().refusal()).contains("denied");
      assertThat(outcomes.getLast().reference()).isEqualTo(registry.repository() + ":" + VERSION);
      assertThat(outcomes.getLast().digest()).isEqualTo(registry.digest(VERSION));
    }
  }

  private static AgentContainer run(URI controlPlane) {
    return AgentContainer.start(
        DOCKER,
        new AgentContainer.Start(built.names().getFirst(), controlPlane, Ports.anyFree(), null));
  }
}
