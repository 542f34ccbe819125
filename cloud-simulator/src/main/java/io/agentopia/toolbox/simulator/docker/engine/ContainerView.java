package io.agentopia.toolbox.simulator.docker.engine;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Containers as Docker's API shows them. */
final class ContainerView {
  static final String NEVER = "0001-01-01T00:00:00Z";
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private ContainerView() {}

  static String word(Container container) {
    return container.status.name().toLowerCase(Locale.ROOT);
  }

  static ObjectNode inspected(Container container) {
    var command = container.command();
    var view = JSON.objectNode();
    view.put("Id", container.id).put("Created", container.created.toString());
    view.put("Path", command.isEmpty() ? "" : command.getFirst());
    var arguments = view.putArray("Args");
    command.stream().skip(1).forEach(arguments::add);
    view.set("State", state(container));
    var directory = "/var/lib/docker/containers/" + container.id;
    view.put("Image", container.imageId)
        .put("ResolvConfPath", directory + "/resolv.conf")
        .put("HostnamePath", directory + "/hostname")
        .put("HostsPath", directory + "/hosts")
        .put("LogPath", directory + "/" + container.id + "-json.log")
        .put("Name", "/" + container.name)
        .put("RestartCount", container.restartCount)
        .put("Driver", "overlay2")
        .put("Platform", "linux")
        .put("MountLabel", "")
        .put("ProcessLabel", "")
        .put("AppArmorProfile", "docker-default")
        .putNull("ExecIDs");
    view.set("HostConfig", hostConfig(container));
    view.putObject("GraphDriver").put("Name", "overlay2").putObject("Data");
    view.putArray("Mounts");
    view.set("Config", config(container));
    view.set("NetworkSettings", NetworkView.settings(container));
    return view;
  }

  private static ObjectNode state(Container container) {
    return JSON.objectNode()
        .put("Status", word(container))
        .put("Running", container.isRunningOrRestarting())
        .put("Paused", false)
        .put("Restarting", container.status == Container.Status.RESTARTING)
        .put("OOMKilled", false)
        .put("Dead", false)
        .put("Pid", container.pid)
        .put("ExitCode", container.exitCode)
        .put("Error", container.error)
        .put("StartedAt", time(container.startedAt))
        .put("FinishedAt", time(container.finishedAt));
  }

  private static String time(Instant at) {
    return at == null ? NEVER : at.toString();
  }

  private static ObjectNode hostConfig(Container container) {
    var view = JSON.objectNode();
    view.putNull("Binds");
    view.put("ContainerIDFile", "");
    view.putObject("LogConfig").put("Type", "json-file").putObject("Config");
    view.put("NetworkMode", "default");
    view.putObject("PortBindings");
    view.putObject("RestartPolicy").put("Name", "no").put("MaximumRetryCount", 0);
    view.put("AutoRemove", false)
        .put("VolumeDriver", "")
        .put("CgroupnsMode", "private")
        .put("IpcMode", "private")
        .put("Privileged", false)
        .put("PublishAllPorts", false)
        .put("ReadonlyRootfs", false)
        .put("ShmSize", 67108864L)
        .put("Runtime", "runc")
        .put("Memory", 0L)
        .put("MemorySwap", 0L)
        .put("NanoCpus", 0L)
        .put("CpuShares", 0)
        .putNull("PidsLimit");
    view.setAll(container.hostConfig);
    return view;
  }

  private static ObjectNode config(Container container) {
    var view = JSON.objectNode();
    view.put("Hostname", container.id.substring(0, 12))
        .put("Domainname", "")
        .put("User", "")
        .put("AttachStdin", false)
        .put("AttachStdout", true)
        .put("AttachStderr", true)
        .put("Tty", false)
        .put("OpenStdin", false)
        .put("StdinOnce", false);
    view.putArray("Env");
    view.putNull("Cmd");
    view.putNull("Volumes");
    view.put("WorkingDir", "").putNull("Entrypoint");
    view.putNull("OnBuild");
    view.putObject("Labels");
    view.setAll(container.config);
    view.put("Image", container.image);
    return view;
  }

  static ObjectNode listed(Container container, Instant now) {
    var view = JSON.objectNode();
    view.put("Id", container.id);
    view.putArray("Names").add("/" + container.name);
    view.put("Image", container.image)
        .put("ImageID", container.imageId)
        .put("Command", String.join(" ", container.command()))
        .put("Created", container.created.getEpochSecond());
    view.set("Ports", NetworkView.portList(container));
    var labels = view.putObject("Labels");
    container.labels().forEach(labels::put);
    view.put("State", word(container)).put("Status", sentence(container, now));
    view.putObject("HostConfig")
        .put("NetworkMode", container.hostConfig.path("NetworkMode").asText("default"));
    view.putObject("NetworkSettings").set("Networks", NetworkView.endpoints(container));
    view.putArray("Mounts");
    return view;
  }

  private static String sentence(Container container, Instant now) {
    return switch (container.status) {
      case CREATED -> "Created";
      case RUNNING -> "Up " + since(container.startedAt, now);
      case RESTARTING ->
          "Restarting (%d) %s ago".formatted(container.exitCode, since(container.finishedAt, now));
      case EXITED ->
          "Exited (%d) %s ago".formatted(container.exitCode, since(container.finishedAt, now));
    };
  }

  private static String since(Instant from, Instant now) {
    var age = Duration.between(from, now);
    if (age.toSeconds() < 1) {
      return "Less than a second";
    }
    if (age.toMinutes() < 1) {
      return age.toSeconds() + (age.toSeconds() == 1 ? " second" : " seconds");
    }
    if (age.toHours() < 1) {
      return age.toMinutes() == 1 ? "About a minute" : age.toMinutes() + " minutes";
    }
    return age.toHours() == 1 ? "About an hour" : age.toHours() + " hours";
  }
}
