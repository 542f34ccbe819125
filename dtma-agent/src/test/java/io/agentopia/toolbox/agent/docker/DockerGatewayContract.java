package io.agentopia.toolbox.agent.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentopia.toolbox.agent.tools.ImageReference;
import io.agentopia.toolbox.agent.tools.ObservedContainer;
import io.agentopia.toolbox.agent.tools.ObservedContainer.State;
import io.agentopia.toolbox.agent.tools.ObservedImage;
import io.agentopia.toolbox.agent.tools.Port;
import io.agentopia.toolbox.agent.tools.Samples;
import io.agentopia.toolbox.agent.tools.WantedTool;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every Docker gateway keeps, with an engine behind it or without. */
abstract class DockerGatewayContract {
  static final String IMAGE = "docker.io/library/debian:bookworm-slim";
  private static final Duration GRACE = Duration.ofSeconds(1);

  final UUID toolboxId = UUID.randomUUID();
  private final String network = "contract-" + toolboxId.toString().substring(24);
  private DockerGateway docker;

  /** A gateway to an engine that has {@link #IMAGE}. */
  abstract DockerGateway gateway();

  /** An image of this test alone, with this one tag. */
  abstract void addSpareImage(String tag);

  /** One more tag for it. */
  abstract void name(ObservedImage image, String tag);

  @BeforeEach
  void connect() {
    docker = gateway();
    docker.ensureNetwork(network, toolboxId);
  }

  @AfterEach
  void leaveNothing() {
    if (docker != null) {
      docker.list(toolboxId).forEach(c -> docker.remove(c.id()));
      docker.removeNetwork(network, toolboxId);
      docker.close();
    }
  }

  @Test
  void facts_name_the_engine() {
    var before = docker.facts();
    assertThat(before.version()).isNotBlank();
    docker.start(create("facts"));
    assertThat(docker.facts().runningContainers()).isGreaterThanOrEqualTo(1);
  }

  @Test
  void a_new_container_is_found_by_its_toolbox_with_what_its_labels_say() {
    var tool = tool("search", List.of());
    var id = create(tool);
    assertThat(docker.list(toolboxId))
        .singleElement()
        .satisfies(
            c -> {
              assertThat(c.id()).isEqualTo(id);
              assertThat(c.name()).isEqualTo(name("search"));
              assertThat(c.state()).isEqualTo(State.CREATED);
              assertThat(c.matches(tool)).isTrue();
              assertThat(c.origin().toolName()).isEqualTo("search");
              assertThat(c.origin().revision()).isEqualTo(3);
              assertThat(c.origin().restarts()).isEqualTo(2);
              assertThat(c.run().exitCode()).isNull();
              assertThat(c.run().startedAt()).isNull();
            });
    assertThat(docker.list(UUID.randomUUID())).isEmpty();
  }

  @Test
  void start_stop_and_restart_change_the_state_and_may_be_repeated() {
    var id = create("search");
    docker.start(id);
    docker.start(id);
    assertThat(only().state()).isEqualTo(State.RUNNING);
    var startedAt = only().run().startedAt();
    docker.restart(id, GRACE);
    assertThat(only().state()).isEqualTo(State.RUNNING);
    assertThat(only().run().startedAt()).isAfter(startedAt);
    docker.stop(id, GRACE);
    docker.stop(id, GRACE);
    assertThat(only().state()).isEqualTo(State.EXITED);
    assertThat(only().run().exitCode()).isNotNull();
    docker.start(id);
    assertThat(only().state()).isEqualTo(State.RUNNING);
  }

  @Test
  void a_running_container_can_be_removed_and_removing_may_be_repeated() {
    var id = create("search");
    docker.start(id);
    docker.remove(id);
    docker.remove(id);
    docker.stop(id, GRACE);
    assertThat(docker.list(toolboxId)).isEmpty();
  }

  @Test
  void what_is_not_there_cannot_be_started() {
    assertRefused(DockerRefusal.Kind.NOT_FOUND, () -> docker.start("0".repeat(64)));
    assertRefused(DockerRefusal.Kind.NOT_FOUND, () -> docker.restart("0".repeat(64), GRACE));
  }

  @Test
  void two_containers_cannot_bear_one_name() {
    create("search");
    var other = tool("search", List.of());
    assertRefused(DockerRefusal.Kind.CONFLICT, () -> create(other));
  }

  @Test
  void a_container_can_be_renamed() {
    var id = create("search");
    docker.rename(id, name("renamed"));
    assertThat(only().name()).isEqualTo(name("renamed"));
  }

  @Test
  void ports_are_published_and_a_free_one_is_chosen_when_none_is_named() {
    docker.start(create(tool("search", List.of(new Port(8080, null, "tcp")))));
    assertThat(only().ports())
        .singleElement()
        .satisfies(
            p -> {
              assertThat(p.containerPort()).isEqualTo(8080);
              assertThat(p.hostPort()).isPositive();
            });
  }

  @Test
  void a_port_can_be_published_once() {
    docker.start(create(tool("first", List.of(new Port(8080, null, "tcp")))));
    var taken = only().ports().getFirst().hostPort();
    var second = create(tool("second", List.of(new Port(8080, taken, "tcp"))));
    assertRefused(DockerRefusal.Kind.OTHER, () -> docker.start(second));
  }

  @Test
  void an_image_is_there_or_not() {
    assertThat(docker.hasImage(IMAGE)).isTrue();
    assertThat(docker.hasImage("localhost:1/no-such-image:1")).isFalse();
  }

  @Test
  void an_image_is_listed_under_the_name_by_which_it_is_found() {
    var found = docker.images().find(IMAGE).orElseThrow();
    assertThat(found.tags()).contains(ImageReference.familiar(IMAGE));
    assertThat(found.sizeBytes()).isPositive();
    assertThat(docker.images().list())
        .filteredOn(i -> i.id().equals(found.id()))
        .singleElement()
        .satisfies(i -> assertThat(i.tags()).containsAll(found.tags()));
    assertThat(docker.images().find("localhost:1/no-such-image:1")).isEmpty();
  }

  @Test
  void an_image_is_in_use_as_long_as_it_has_a_container_running_or_not() {
    var spare = spareImage();
    assertThat(docker.images().idsInUse()).doesNotContain(spare.id());
    var stopped = create(tool("spare", spare.tags().getFirst()));
    assertThat(docker.images().idsInUse()).contains(spare.id());
    assertRefused(DockerRefusal.Kind.CONFLICT, () -> docker.images().remove(spare.id()));
    assertThat(docker.images().find(spare.tags().getFirst())).isPresent();
    docker.remove(stopped);
    docker.images().remove(spare.id());
    assertThat(docker.images().find(spare.tags().getFirst())).isEmpty();
  }

  @Test
  void removing_an_image_may_be_repeated() {
    var spare = spareImage();
    docker.images().remove(spare.id());
    docker.images().remove(spare.id());
    assertThat(docker.images().list()).noneMatch(i -> i.id().equals(spare.id()));
  }

  @Test
  void an_image_with_two_names_goes_name_by_name() {
    var spare = spareImage();
    var second = spare.tags().getFirst() + "-too";
    name(spare, second);
    assertRefused(DockerRefusal.Kind.CONFLICT, () -> docker.images().remove(spare.id()));
    docker.images().remove(second);
    assertThat(docker.images().find(second)).isEmpty();
    assertThat(docker.images().find(spare.tags().getFirst())).isPresent();
    docker.images().remove(spare.id());
    assertThat(docker.images().list()).noneMatch(i -> i.id().equals(spare.id()));
  }

  private ObservedImage spareImage() {
    var name = "contract-" + toolboxId.toString().substring(24) + ":1";
    addSpareImage(name);
    return docker.images().find(name).orElseThrow();
  }

  @Test
  void without_its_image_no_container_is_made() {
    var tool =
        Samples.entry(UUID.randomUUID(), "x", Map.of("image", "localhost:1/no-such-image:1"));
    assertRefused(DockerRefusal.Kind.NOT_FOUND, () -> create(tool));
  }

  @Test
  void the_log_ends_with_what_was_written_last() {
    var id = create("search");
    docker.start(id);
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(docker.logTail(id, 1, 4_000)).isEqualTo("started\n"));
  }

  @Test
  void making_and_removing_the_network_may_be_repeated() {
    docker.ensureNetwork(network, toolboxId);
    docker.start(create("search"));
    assertThat(only().state()).isEqualTo(State.RUNNING);
    docker.remove(only().id());
    docker.removeNetwork(network, toolboxId);
    docker.removeNetwork(network, toolboxId);
  }

  @Test
  void watching_tells_of_changes_and_ends_in_time() throws InterruptedException {
    var heard = new AtomicInteger();
    var since = Instant.now();
    var watching =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    docker.watch(toolboxId, since, Duration.ofSeconds(3), heard::incrementAndGet);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    var number = new AtomicInteger();
    // Again until heard: the stream may open after the first change.
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> {
              create("w" + number.incrementAndGet());
              return heard.get() > 0;
            });
    assertThat(watching.join(Duration.ofSeconds(20))).isTrue();
  }

  String create(String toolName) {
    return create(tool(toolName, List.of()));
  }

  String create(WantedTool tool) {
    return docker.create(
        new ContainerRequest(
            name(tool.name()), network, toolboxId, tool, Map.of("contract", "yes")));
  }

  private String name(String toolName) {
    return toolboxId.toString().substring(28) + "-" + toolName;
  }

  ObservedContainer only() {
    var all = docker.list(toolboxId);
    assertThat(all).hasSize(1);
    return all.getFirst();
  }

  static WantedTool tool(String name, String image) {
    return tool(name, image, List.of());
  }

  static WantedTool tool(String name, List<Port> ports) {
    return tool(name, IMAGE, ports);
  }

  private static WantedTool tool(String name, String image, List<Port> ports) {
    return Samples.entry(
        UUID.randomUUID(),
        name,
        Map.of(
            "image",
            image,
            "command",
            List.of("sh", "-c", "echo started; exec sleep 1000"),
            "environment",
            Map.of("MODE", "contract"),
            "ports",
            ports,
            "memoryMb",
            32,
            "cpus",
            0.25,
            "revision",
            3,
            "restarts",
            2));
  }

  private static void assertRefused(DockerRefusal.Kind kind, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(DockerRefusal.class, r -> assertThat(r.kind()).isEqualTo(kind));
  }
}
