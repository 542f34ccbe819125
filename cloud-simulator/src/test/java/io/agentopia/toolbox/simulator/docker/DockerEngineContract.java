package io.agentopia.toolbox.simulator.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.RestartPolicy;
import com.github.dockerjava.api.model.Statistics;
import com.github.dockerjava.api.model.StreamType;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What we use of an engine, through the library that the agent uses: the same on any engine. */
abstract class DockerEngineContract extends RefusedPulls {
  static final String IMAGE = "debian:bookworm-slim";
  private static final String LABEL = "io.agentopia.simulator.contract";

  private final String mark = UUID.randomUUID().toString().substring(0, 8);
  private DockerClient docker;

  abstract String host();

  @Override
  DockerClient docker() {
    return docker;
  }

  @BeforeEach
  void connect() {
    var config =
        DefaultDockerClientConfig.createDefaultConfigBuilder().withDockerHost(host()).build();
    var http =
        new ZerodepDockerHttpClient.Builder()
            .dockerHost(config.getDockerHost())
            .connectionTimeout(Duration.ofSeconds(5))
            .responseTimeout(Duration.ofSeconds(30))
            .build();
    docker = DockerClientImpl.getInstance(config, http);
  }

  @AfterEach
  void clean() throws IOException {
    for (var container : ours(true)) {
      docker.removeContainerCmd(container).withForce(true).exec();
    }
    docker
        .listNetworksCmd()
        .withNameFilter(mark)
        .exec()
        .forEach(n -> docker.removeNetworkCmd(n.getId()).exec());
    docker.close();
  }

  private List<String> ours(boolean all) {
    return docker
        .listContainersCmd()
        .withShowAll(all)
        .withLabelFilter(Map.of(LABEL, mark))
        .exec()
        .stream()
        .map(c -> c.getId())
        .toList();
  }

  private String create(String name, HostConfig hostConfig, String... command) {
    return docker
        .createContainerCmd(IMAGE)
        .withName(mark + "-" + name)
        .withLabels(Map.of(LABEL, mark, "io.agentopia.tool", name))
        .withEnv("MODE=contract")
        .withHostConfig(hostConfig)
        .withCmd(command)
        .exec()
        .getId();
  }

  private String started(String name, HostConfig hostConfig, String... command) {
    var id = create(name, hostConfig, command);
    docker.startContainerCmd(id).exec();
    return id;
  }

  private InspectContainerResponse inspect(String id) {
    return docker.inspectContainerCmd(id).exec();
  }

  private static HostConfig plain() {
    return HostConfig.newHostConfig();
  }

  @Test
  void theEngineSaysWhatItIs() {
    docker.pingCmd().exec();
    var version = docker.versionCmd().exec();
    var info = docker.infoCmd().exec();

    assertThat(version.getApiVersion()).matches("1\\.\\d+");
    assertThat(version.getVersion()).isEqualTo(info.getServerVersion());
    assertThat(info.getNCPU()).isPositive();
    assertThat(info.getMemTotal()).isPositive();
    assertThat(info.getOsType()).isEqualTo("linux");
  }

  @Test
  void aContainerGoesThroughItsLife() {
    var id = create("life", plain().withInit(true), "sleep", "infinity");
    assertThat(inspect(id).getState().getStatus()).isEqualTo("created");
    assertThat(ours(false)).isEmpty();
    assertThat(ours(true)).containsExactly(id);

    docker.startContainerCmd(id).exec();
    var running = inspect(id);
    assertThat(running.getState().getRunning()).isTrue();
    assertThat(running.getState().getPidLong()).isPositive();
    assertThat(Instant.parse(running.getState().getStartedAt()))
        .isAfter(Instant.now().minusSeconds(60));
    assertThat(running.getName()).isEqualTo("/" + mark + "-life");
    assertThat(running.getConfig().getLabels()).containsEntry("io.agentopia.tool", "life");
    assertThat(running.getConfig().getEnv()).contains("MODE=contract");
    assertThat(running.getConfig().getImage()).isEqualTo(IMAGE);
    assertThat(running.getPath() + List.of(running.getArgs())).isEqualTo("sleep[infinity]");
    assertThatThrownBy(() -> docker.startContainerCmd(id).exec())
        .isInstanceOf(NotModifiedException.class);

    docker.stopContainerCmd(id).withTimeout(5).exec();
    assertThat(inspect(id).getState().getStatus()).isEqualTo("exited");
    assertThat(inspect(id).getState().getExitCodeLong()).isEqualTo(143);
    assertThatThrownBy(() -> docker.stopContainerCmd(id).exec())
        .isInstanceOf(NotModifiedException.class);

    docker.restartContainerCmd(id).withTimeout(5).exec();
    assertThat(inspect(id).getState().getRunning()).isTrue();

    docker.removeContainerCmd(id).withForce(true).withRemoveVolumes(true).exec();
    assertThatThrownBy(() -> inspect(id))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("No such container");
  }

  @Test
  void aProgramThatIgnoresTheRequestToStopIsKilled() {
    var id = started("stubborn", plain(), "sleep", "infinity");

    docker.stopContainerCmd(id).withTimeout(1).exec();

    assertThat(inspect(id).getState().getExitCodeLong()).isEqualTo(137);
  }

  @Test
  void exitCodesAreKept() {
    var id = started("seven", plain(), "sh", "-c", "sleep 1; exit 7");

    awaitEnd(id);
    assertThat(inspect(id).getState().getExitCodeLong()).isEqualTo(7);
    assertThat(inspect(id).getState().getRunning()).isFalse();
    assertThat(Instant.parse(inspect(id).getState().getFinishedAt()))
        .isAfter(Instant.parse(inspect(id).getState().getStartedAt()));
  }

  @Test
  void aCrashingContainerIsRestartedAsItsPolicySays() {
    var id =
        started(
            "crashing",
            plain().withRestartPolicy(RestartPolicy.unlessStoppedRestart()),
            "sh",
            "-c",
            "sleep 0.2; exit 3");

    await().atMost(Duration.ofSeconds(20)).until(() -> inspect(id).getRestartCount() >= 2);
    docker.stopContainerCmd(id).withTimeout(1).exec();

    assertThat(inspect(id).getState().getStatus()).isEqualTo("exited");
    var restarts = inspect(id).getRestartCount();
    await()
        .during(Duration.ofSeconds(1))
        .atMost(Duration.ofSeconds(5))
        .until(() -> inspect(id).getRestartCount().equals(restarts));
  }

  @Test
  void logsComeOnTheirStreamsAndFromTheEnd() throws Exception {
    var id = started("logs", plain(), "sh", "-c", "echo one; echo two; echo oops >&2; sleep 1");
    awaitEnd(id);

    assertThat(log(id, 100)).containsExactlyInAnyOrder("STDOUT one", "STDOUT two", "STDERR oops");
    assertThat(log(id, 1)).hasSize(1);
  }

  private void awaitEnd(String id) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> inspect(id).getState().getStatus().equals("exited"));
  }

  private List<String> log(String id, int tail) throws InterruptedException {
    var lines = new CopyOnWriteArrayList<String>();
    docker
        .logContainerCmd(id)
        .withStdOut(true)
        .withStdErr(true)
        .withTail(tail)
        .exec(
            new ResultCallback.Adapter<Frame>() {
              @Override
              public void onNext(Frame frame) {
                assertThat(frame.getStreamType()).isIn(StreamType.STDOUT, StreamType.STDERR);
                new String(frame.getPayload())
                    .lines()
                    .forEach(l -> lines.add(frame.getStreamType() + " " + l));
              }
            })
        .awaitCompletion(20, TimeUnit.SECONDS);
    return lines;
  }

  @Test
  void followedLogsEndWithTheContainer() throws Exception {
    var id = started("follow", plain(), "sh", "-c", "sleep 1; echo late");
    var text = new StringBuffer();

    var ended =
        docker
            .logContainerCmd(id)
            .withStdOut(true)
            .withFollowStream(true)
            .exec(
                new ResultCallback.Adapter<Frame>() {
                  @Override
                  public void onNext(Frame frame) {
                    text.append(new String(frame.getPayload()));
                  }
                })
            .awaitCompletion(20, TimeUnit.SECONDS);

    assertThat(ended).isTrue();
    assertThat(text).hasToString("late\n");
  }

  @Test
  void namesAreUniqueAndCanBeChanged() {
    var first = create("name", plain(), "sleep", "1");
    assertThatThrownBy(() -> create("name", plain(), "sleep", "1"))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("is already in use by container");

    docker.renameContainerCmd(first).withName(mark + "-old").exec();
    var second = create("name", plain(), "sleep", "1");

    assertThat(inspect(first).getName()).isEqualTo("/" + mark + "-old");
    assertThat(inspect(mark + "-name").getId()).isEqualTo(second);
  }

  @Test
  void whatIsNotThereIsNotFound() {
    assertThatThrownBy(() -> docker.startContainerCmd(mark).exec())
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> docker.inspectImageCmd("nobody/nothing:" + mark).exec())
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> docker.createContainerCmd("nobody/nothing:" + mark).exec())
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("No such image");
    assertThatThrownBy(() -> docker.inspectNetworkCmd().withNetworkId(mark).exec())
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void aRunningContainerIsRemovedOnlyByForce() {
    var id = started("force", plain(), "sleep", "infinity");

    assertThatThrownBy(() -> docker.removeContainerCmd(id).exec())
        .isInstanceOf(ConflictException.class);
    docker.removeContainerCmd(id).withForce(true).exec();

    assertThat(ours(true)).isEmpty();
  }

  @Test
  void listsAreFiltered() {
    var up = started("up", plain(), "sleep", "infinity");
    var down = create("down", plain(), "sleep", "1");

    var byLabel =
        docker
            .listContainersCmd()
            .withShowAll(true)
            .withLabelFilter(List.of(LABEL + "=" + mark, "io.agentopia.tool=down"))
            .exec();
    var byName =
        docker.listContainersCmd().withShowAll(true).withNameFilter(List.of(mark + "-up")).exec();
    var byStatus =
        docker
            .listContainersCmd()
            .withLabelFilter(Map.of(LABEL, mark))
            .withStatusFilter(List.of("created"))
            .exec();

    assertThat(byLabel).extracting(c -> c.getId()).containsExactly(down);
    assertThat(byName).extracting(c -> c.getId()).containsExactly(up);
    assertThat(byStatus).extracting(c -> c.getId()).containsExactly(down);
    assertThat(byName.getFirst().getState()).isEqualTo("running");
    assertThat(byName.getFirst().getStatus()).startsWith("Up ");
    assertThat(byName.getFirst().getNames()).containsExactly("/" + mark + "-up");
    assertThat(byName.getFirst().getLabels()).containsEntry(LABEL, mark);
  }

  @Test
  void portsArePublishedAndBelongToOneContainer() {
    var inside = ExposedPort.tcp(8080);
    var free = new PortBinding(Ports.Binding.bindIp("127.0.0.1"), inside);
    var first = startedWithPort("port-a", inside, free);
    var port =
        Integer.parseInt(
            inspect(first)
                .getNetworkSettings()
                .getPorts()
                .getBindings()
                .get(inside)[0]
                .getHostPortSpec());
    assertThat(port).isPositive();

    var taken = new PortBinding(Ports.Binding.bindIpAndPort("127.0.0.1", port), inside);
    assertThatThrownBy(() -> startedWithPort("port-b", inside, taken))
        .isInstanceOf(DockerException.class)
        .hasMessageContaining("port is already allocated");

    docker.stopContainerCmd(first).withTimeout(0).exec();
    docker.startContainerCmd(mark + "-port-b").exec();
    assertThat(inspect(mark + "-port-b").getState().getRunning()).isTrue();
  }

  private String startedWithPort(String name, ExposedPort inside, PortBinding binding) {
    var id =
        docker
            .createContainerCmd(IMAGE)
            .withName(mark + "-" + name)
            .withLabels(Map.of(LABEL, mark))
            .withExposedPorts(inside)
            .withHostConfig(plain().withPortBindings(binding))
            .withCmd("sleep", "infinity")
            .exec()
            .getId();
    docker.startContainerCmd(id).exec();
    return id;
  }

  @Test
  void limitsAreKept() {
    var id =
        create(
            "limits",
            plain()
                .withMemory(64L << 20)
                .withMemorySwap(64L << 20)
                .withNanoCPUs(500_000_000L)
                .withPidsLimit(64L)
                .withCapDrop(Capability.ALL)
                .withSecurityOpts(List.of("no-new-privileges:true"))
                .withReadonlyRootfs(true)
                .withTmpFs(Map.of("/tmp", "rw")),
            "sleep",
            "1");

    var hostConfig = inspect(id).getHostConfig();
    assertThat(hostConfig.getMemory()).isEqualTo(64L << 20);
    assertThat(hostConfig.getNanoCPUs()).isEqualTo(500_000_000L);
    assertThat(hostConfig.getPidsLimit()).isEqualTo(64L);
    assertThat(hostConfig.getCapDrop()).containsExactly(Capability.ALL);
    assertThat(hostConfig.getSecurityOpts()).containsExactly("no-new-privileges:true");
    assertThat(hostConfig.getReadonlyRootfs()).isTrue();
    assertThat(hostConfig.getTmpFs()).containsEntry("/tmp", "rw");
  }

  @Test
  void statisticsOfARunningContainerAreTold() throws Exception {
    var id = started("stats", plain(), "sleep", "infinity");
    var seen = new CopyOnWriteArrayList<Statistics>();
    var collector =
        new ResultCallback.Adapter<Statistics>() {
          @Override
          public void onNext(Statistics one) {
            seen.add(one);
          }
        };

    docker.statsCmd(id).withNoStream(true).exec(collector).awaitCompletion(20, TimeUnit.SECONDS);

    assertThat(seen).hasSize(1);
    assertThat(seen.getFirst().getCpuStats().getCpuUsage().getTotalUsage()).isNotNegative();
    assertThat(seen.getFirst().getCpuStats().getSystemCpuUsage()).isPositive();
  }

  @Test
  void networksHoldContainers() {
    var network =
        docker
            .createNetworkCmd()
            .withName(mark + "-net")
            .withDriver("bridge")
            .withLabels(Map.of(LABEL, mark))
            .withCheckDuplicate(true)
            .exec();
    assertThatThrownBy(
            () -> docker.createNetworkCmd().withName(mark + "-net").withCheckDuplicate(true).exec())
        .isInstanceOf(ConflictException.class);
    var id = started("netted", plain().withNetworkMode(mark + "-net"), "sleep", "infinity");

    var inspected = docker.inspectNetworkCmd().withNetworkId(network.getId()).exec();
    assertThat(inspected.getContainers()).containsOnlyKeys(id);
    assertThat(inspected.getLabels()).containsEntry(LABEL, mark);
    assertThat(inspect(id).getNetworkSettings().getNetworks()).containsOnlyKeys(mark + "-net");
    assertThat(inspect(id).getNetworkSettings().getNetworks().get(mark + "-net").getIpAddress())
        .matches("\\d+\\.\\d+\\.\\d+\\.\\d+");
    assertThatThrownBy(() -> docker.removeNetworkCmd(network.getId()).exec())
        .isInstanceOf(DockerException.class)
        .hasMessageContaining("has active endpoints");

    var other = started("other", plain(), "sleep", "infinity");
    docker.connectToNetworkCmd().withContainerId(other).withNetworkId(network.getId()).exec();
    assertThat(inspect(other).getNetworkSettings().getNetworks())
        .containsOnlyKeys("bridge", mark + "-net");

    docker.removeContainerCmd(id).withForce(true).exec();
    docker.removeContainerCmd(other).withForce(true).exec();
    docker.removeNetworkCmd(network.getId()).exec();
    assertThat(docker.listNetworksCmd().withNameFilter(mark).exec()).isEmpty();
  }

  @Test
  void eventsAreToldAsTheyHappenAndAfterwards() throws Exception {
    var before = Instant.now();
    var live = new CopyOnWriteArrayList<String>();
    try (var listening =
        docker
            .eventsCmd()
            .withEventTypeFilter("container")
            .withLabelFilter(Map.of(LABEL, mark))
            .exec(collect(live))) {
      listening.awaitStarted();
      var id = started("events", plain(), "sh", "-c", "exit 4");
      await().atMost(Duration.ofSeconds(20)).until(() -> live.contains("die 4"));
      docker.removeContainerCmd(id).exec();
      await().atMost(Duration.ofSeconds(20)).until(() -> live.contains("destroy null"));
    }
    assertThat(live).containsSubsequence("create null", "start null", "die 4", "destroy null");

    var past = new ArrayList<String>();
    docker
        .eventsCmd()
        .withSince(Long.toString(before.getEpochSecond()))
        .withUntil(Long.toString(Instant.now().getEpochSecond() + 1))
        .withEventTypeFilter("container")
        .withLabelFilter(Map.of(LABEL, mark))
        .exec(collect(past))
        .awaitCompletion(20, TimeUnit.SECONDS);
    assertThat(past).containsSubsequence("create null", "start null", "die 4", "destroy null");
  }

  private static ResultCallback.Adapter<Event> collect(List<String> into) {
    return new ResultCallback.Adapter<>() {
      @Override
      public void onNext(Event event) {
        into.add(event.getAction() + " " + event.getActor().getAttributes().get("exitCode"));
      }
    };
  }

  @Test
  void anImageThatIsThereIsFoundByItsNames() {
    var image = docker.inspectImageCmd(IMAGE).exec();

    assertThat(image.getId()).startsWith("sha256:");
    assertThat(image.getRepoTags()).contains(IMAGE);
    assertThat(docker.inspectImageCmd("docker.io/library/" + IMAGE).exec().getId())
        .isEqualTo(image.getId());
    assertThat(docker.listImagesCmd().exec()).extracting(i -> i.getId()).contains(image.getId());
  }
}
