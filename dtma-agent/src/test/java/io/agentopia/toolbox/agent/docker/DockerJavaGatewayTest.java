package io.agentopia.toolbox.agent.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Capability;
import io.agentopia.toolbox.agent.disk.DiskGuard;
import io.agentopia.toolbox.agent.disk.DiskSpace;
import io.agentopia.toolbox.agent.disk.DiskWatch;
import io.agentopia.toolbox.agent.docker.DockerGateway.EngineFacts;
import io.agentopia.toolbox.agent.identity.StateFile;
import io.agentopia.toolbox.agent.identity.StateStore;
import io.agentopia.toolbox.agent.tools.ObservedContainer.State;
import io.agentopia.toolbox.agent.tools.ObservedImage;
import io.agentopia.toolbox.agent.tools.Port;
import io.agentopia.toolbox.agent.tools.Samples;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contract on real engines, and what only a real engine can show: on this machine's, and on
 * those that {@code TOOLBOX_TEST_ENGINES} names (see {@code .ci/engines}).
 */
@ParameterizedClass(name = "{0}")
@MethodSource("engines")
class DockerJavaGatewayTest extends DockerGatewayContract {
  private static final String NAMED = "TOOLBOX_TEST_ENGINES";
  private static final Duration ANSWER = Duration.ofSeconds(30);

  /**
   * @param name for people; of those that are named: version and image store
   */
  record Engine(String name, String host) {
    @Override
    public String toString() {
      return name;
    }
  }

  @Parameter Engine on;

  static List<Engine> engines() {
    var all = new ArrayList<Engine>();
    all.add(
        new Engine(
            "this machine's",
            Optional.ofNullable(System.getenv("DOCKER_HOST"))
                .orElse("unix:///var/run/docker.sock")));
    for (var named : Optional.ofNullable(System.getenv(NAMED)).orElse("").split(",")) {
      if (!named.isBlank()) {
        var at = named.indexOf('=');
        all.add(new Engine(named.substring(0, at), named.substring(at + 1)));
      }
    }
    return all;
  }

  private final List<String> made = new ArrayList<>();

  @Override
  DockerGateway gateway() {
    var gateway = new DockerJavaGateway(on.host(), ANSWER);
    try {
      if (!gateway.hasImage(IMAGE)) {
        abort("Not tried on a real engine: the engine at " + on.host() + " has no image " + IMAGE);
      }
    } catch (DockerUnavailable e) {
      abort("Not tried on a real engine: none answers at " + on.host());
    }
    return gateway;
  }

  /** A new image of nothing but a label over {@link #IMAGE}, so that no other image has its id. */
  @Override
  void addSpareImage(String tag) {
    made.add(tag);
    try (var engine = new EngineConnection(on.host(), ANSWER)) {
      var container = engine.quick().createContainerCmd(IMAGE).withCmd("true").exec().getId();
      try {
        var at = tag.lastIndexOf(':');
        engine
            .quick()
            .commitCmd(container)
            .withRepository(tag.substring(0, at))
            .withTag(tag.substring(at + 1))
            .withLabels(Map.of("contract", tag))
            .exec();
      } finally {
        engine.quick().removeContainerCmd(container).exec();
      }
    }
  }

  @Override
  void name(ObservedImage image, String tag) {
    made.add(tag);
    var at = tag.lastIndexOf(':');
    try (var engine = new EngineConnection(on.host(), ANSWER)) {
      engine.quick().tagImageCmd(image.id(), tag.substring(0, at), tag.substring(at + 1)).exec();
    }
  }

  @AfterEach
  void removeWhatWasMade() {
    try (var gateway = new DockerJavaGateway(on.host(), ANSWER)) {
      made.forEach(gateway.images()::remove);
    }
  }

  @Test
  void it_says_which_engine_it_is() {
    try (var gateway = gateway()) {
      var facts = gateway.facts();
      System.out.printf("Docker %s, %s store, at %s%n", facts.version(), facts.store(), on.host());
      assertThat(facts.store()).isIn(EngineFacts.CLASSIC_STORE, EngineFacts.CONTAINERD_STORE);
      if (!on.name().equals("this machine's")) {
        assertThat(facts.version() + "-" + facts.store()).isEqualTo(on.name());
      }
    }
  }

  @Test
  void the_disk_guard_frees_an_image_that_two_repositories_name(@TempDir Path temp)
      throws IOException {
    var first = "guard.example/one/spare:1";
    var second = "guard.example/two/spare:1";
    try (var gateway = gateway()) {
      addSpareImage(first);
      var image = gateway.images().find(first).orElseThrow();
      name(image, second);
      var state = StateStore.open(new StateFile(temp.resolve("state")));
      state.updateAnyway(s -> s.pulled(image.id(), first).pulled(image.id(), second));
      var now = new Instant[] {Instant.parse("2026-11-28T06:00:00Z")};
      InstantSource hands = () -> now[0];
      var watch =
          new DiskWatch(
              new DiskWatch.Parts(
                  new DiskGuard(new DiskGuard.Rules(85, 75, Duration.ofHours(1))),
                  gateway.images(),
                  state,
                  () -> new DiskSpace(1 << 30, 900 << 20, 100 << 20),
                  () -> Optional.of(Set.of()),
                  Set::of,
                  hands.withZone(ZoneOffset.UTC)));
      watch.look();
      now[0] = now[0].plus(Duration.ofHours(1));
      watch.look();
      assertThat(watch.report().problem()).isNull();
      assertThat(watch.report().removedImages()).isEqualTo(1);
      assertThat(gateway.images().find(first)).isEmpty();
      assertThat(gateway.images().find(second)).isEmpty();
      assertThat(gateway.images().find(IMAGE)).isPresent();
    }
  }

  @Test
  void a_tool_gets_nothing_to_climb_on() throws Exception {
    var tool =
        Samples.entry(
            UUID.randomUUID(),
            "locked",
            Map.of(
                "image",
                IMAGE,
                "command",
                List.of("sleep", "1000"),
                "environment",
                Map.of("A", "b=c"),
                "ports",
                List.of(new Port(8080, null, "tcp"), new Port(9090, null, "udp")),
                "memoryMb",
                48,
                "cpus",
                0.25,
                "readOnlyRoot",
                true));
    try (var gateway = new DockerJavaGateway(on.host(), ANSWER);
        var engine = new EngineConnection(on.host(), ANSWER)) {
      gateway.start(create(tool));
      var found = inspect(engine.quick());
      var host = found.getHostConfig();
      assertThat(host.getCapDrop()).containsExactly(Capability.ALL);
      assertThat(host.getSecurityOpts()).contains("no-new-privileges:true");
      assertThat(host.getPidsLimit()).isEqualTo(256);
      assertThat(host.getMemory()).isEqualTo(48L * 1024 * 1024);
      assertThat(host.getNanoCPUs()).isEqualTo(250_000_000L);
      assertThat(host.getInit()).isTrue();
      assertThat(host.getReadonlyRootfs()).isTrue();
      assertThat(host.getTmpFs()).containsKey("/tmp");
      assertThat(host.getPrivileged()).isFalse();
      assertThat(host.getBinds()).isNullOrEmpty();
      assertThat(host.getRestartPolicy().getName()).isEqualTo("unless-stopped");
      assertThat(host.getLogConfig().getConfig())
          .containsEntry("max-size", "10m")
          .containsEntry("max-file", "3");
      assertThat(found.getNetworkSettings().getPorts().getBindings().values())
          .allSatisfy(
              bindings ->
                  assertThat(bindings)
                      .allSatisfy(b -> assertThat(b.getHostIp()).isEqualTo("127.0.0.1")));
      assertThat(found.getConfig().getEnv()).contains("A=b=c");
      assertThat(found.getConfig().getLabels()).containsEntry("contract", "yes");
    }
  }

  @Test
  void a_tool_that_ends_by_itself_is_started_again_and_counted() {
    var tool =
        Samples.entry(
            UUID.randomUUID(),
            "crash",
            Map.of(
                "image",
                IMAGE,
                "command",
                List.of("sh", "-c", "echo oops; exit 3"),
                "memoryMb",
                32,
                "cpus",
                0.25));
    try (var gateway = new DockerJavaGateway(on.host(), ANSWER)) {
      var id = create(tool);
      gateway.start(id);
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () -> {
                assertThat(only().run().restartCount()).isPositive();
                assertThat(only().state()).isEqualTo(State.RESTARTING);
                assertThat(only().run().exitCode()).isEqualTo(3);
              });
      assertThat(gateway.logTail(id, 1, 100)).isEqualTo("oops\n");
    }
  }

  @Test
  void an_engine_that_is_not_there_is_unavailable() {
    try (var nobody = new DockerJavaGateway("unix:///no/such/docker.sock", ANSWER)) {
      assertThatThrownBy(nobody::facts).isInstanceOf(DockerUnavailable.class);
      assertThatThrownBy(() -> nobody.list(toolboxId)).isInstanceOf(DockerUnavailable.class);
      assertThatThrownBy(() -> nobody.pull(IMAGE, ANSWER)).isInstanceOf(DockerUnavailable.class);
    }
  }

  @Test
  void a_pull_from_nowhere_is_refused_not_endless() {
    try (var gateway = new DockerJavaGateway(on.host(), ANSWER)) {
      assertThatThrownBy(() -> gateway.pull("localhost:1/no-such-image:1", Duration.ofSeconds(20)))
          .isInstanceOf(DockerRefusal.class)
          .hasMessageContaining("localhost:1/no-such-image:1");
    }
  }

  private com.github.dockerjava.api.command.InspectContainerResponse inspect(DockerClient client) {
    return client.inspectContainerCmd(only().id()).exec();
  }
}
