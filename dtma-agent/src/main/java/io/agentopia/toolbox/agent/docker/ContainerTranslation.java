package io.agentopia.toolbox.agent.docker;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.InternetProtocol;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.RestartPolicy;
import io.agentopia.toolbox.agent.tools.ObservedContainer;
import io.agentopia.toolbox.agent.tools.Port;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Between our words and docker-java's. */
final class ContainerTranslation {
  private static final String LOOPBACK = "127.0.0.1";
  private static final long MIB = 1024L * 1024L;
  private static final long PIDS = 256;

  private ContainerTranslation() {}

  static CreateContainerCmd fill(CreateContainerCmd command, ContainerRequest request) {
    var spec = request.tool().spec();
    command
        .withName(request.name())
        .withLabels(request.labels())
        .withEnv(spec.environment().entrySet().stream().map(Object::toString).toList())
        .withExposedPorts(spec.ports().stream().map(ContainerTranslation::exposed).toList())
        .withHostConfig(hostConfig(request));
    return spec.command().isEmpty() ? command : command.withCmd(spec.command());
  }

  /** A tool is somebody else's program: it gets what it needs to run, and nothing to climb on. */
  private static HostConfig hostConfig(ContainerRequest request) {
    var spec = request.tool().spec();
    var limits = spec.limits();
    var memory = limits.memoryMb() * MIB;
    var config =
        HostConfig.newHostConfig()
            .withInit(true)
            .withCapDrop(Capability.ALL)
            .withSecurityOpts(List.of("no-new-privileges:true"))
            .withPidsLimit(PIDS)
            .withMemory(memory)
            .withMemorySwap(memory)
            .withNanoCPUs(Math.round(limits.cpus() * 1_000_000_000))
            .withLogConfig(
                new LogConfig(
                    LogConfig.LoggingType.JSON_FILE, Map.of("max-size", "10m", "max-file", "3")))
            .withRestartPolicy(RestartPolicy.unlessStoppedRestart())
            .withNetworkMode(request.network())
            .withPortBindings(spec.ports().stream().map(ContainerTranslation::binding).toList());
    return limits.readOnlyRoot()
        ? config.withReadonlyRootfs(true).withTmpFs(Map.of("/tmp", "rw,noexec,nosuid,size=64m"))
        : config;
  }

  private static ExposedPort exposed(Port port) {
    return new ExposedPort(
        port.containerPort(), InternetProtocol.parse(port.protocol().toLowerCase(Locale.ROOT)));
  }

  private static PortBinding binding(Port port) {
    var host =
        port.hostPort() == null
            ? Ports.Binding.bindIp(LOOPBACK)
            : Ports.Binding.bindIpAndPort(LOOPBACK, port.hostPort());
    return new PortBinding(host, exposed(port));
  }

  static ObservedContainer observed(InspectContainerResponse found) {
    return new ObservedContainer(
        found.getId(),
        found.getName().replaceFirst("^/", ""),
        found.getConfig().getImage(),
        Labels.origin(found.getConfig().getLabels()),
        run(found),
        ports(found));
  }

  private static ObservedContainer.Run run(InspectContainerResponse found) {
    var state = state(found.getState().getStatus());
    return new ObservedContainer.Run(
        state,
        exitCode(state, found.getState().getExitCodeLong()),
        Boolean.TRUE.equals(found.getState().getOOMKilled()),
        found.getRestartCount() == null ? 0 : found.getRestartCount(),
        startedAt(found.getState().getStartedAt()));
  }

  /** A state this agent has never heard of is looked at again, not acted upon. */
  private static ObservedContainer.State state(String word) {
    try {
      return ObservedContainer.State.valueOf(word.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return ObservedContainer.State.REMOVING;
    }
  }

  private static Integer exitCode(ObservedContainer.State state, Long code) {
    var ended =
        state == ObservedContainer.State.EXITED || state == ObservedContainer.State.RESTARTING;
    return ended && code != null ? code.intValue() : null;
  }

  /** Docker writes the year 1 for "never". */
  private static Instant startedAt(String text) {
    try {
      var at = text == null || text.isBlank() ? Instant.EPOCH : Instant.parse(text);
      return at.isAfter(Instant.EPOCH) ? at : null;
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private static List<Port> ports(InspectContainerResponse found) {
    var ports = new ArrayList<Port>();
    var settings = found.getNetworkSettings();
    if (settings != null && settings.getPorts() != null) {
      settings.getPorts().getBindings().forEach((inside, outside) -> add(ports, inside, outside));
    }
    ports.sort(Comparator.comparingInt(Port::containerPort).thenComparing(Port::protocol));
    return ports;
  }

  private static void add(List<Port> ports, ExposedPort inside, Ports.Binding[] outside) {
    if (outside != null && outside.length > 0) {
      var hostPort = Integer.valueOf(outside[0].getHostPortSpec());
      ports.add(new Port(inside.getPort(), hostPort, inside.getProtocol().toString()));
    }
  }
}
