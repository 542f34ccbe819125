package io.agentopia.toolbox.simulator.docker.engine;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/** The engine as Docker's API shows it. */
public final class EngineView {
  public static final String VERSION = "24.0.7";
  public static final String API_VERSION = "1.43";
  public static final String MIN_API_VERSION = "1.12";
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String KERNEL = "6.1.0-simulated";

  private EngineView() {}

  public static ObjectNode version() {
    var view = JSON.objectNode();
    view.putObject("Platform").put("Name", "Simulated Docker Engine");
    view.putArray("Components")
        .addObject()
        .put("Name", "Engine")
        .put("Version", VERSION)
        .putObject("Details")
        .put("ApiVersion", API_VERSION)
        .put("Os", "linux");
    view.put("Version", VERSION)
        .put("ApiVersion", API_VERSION)
        .put("MinAPIVersion", MIN_API_VERSION)
        .put("GitCommit", "0000000")
        .put("GoVersion", "none")
        .put("Os", "linux")
        .put("Arch", "amd64")
        .put("KernelVersion", KERNEL)
        .put("BuildTime", "2025-01-01T00:00:00.000000000+00:00");
    return view;
  }

  static ObjectNode info(Store store, EngineProfile profile, Instant now) {
    var running =
        count(store, Container.Status.RUNNING) + count(store, Container.Status.RESTARTING);
    var view = JSON.objectNode();
    view.put("ID", "SIMU:LATE:D000:" + profile.hostName())
        .put("Containers", store.containers.size())
        .put("ContainersRunning", running)
        .put("ContainersPaused", 0)
        .put("ContainersStopped", store.containers.size() - running)
        .put("Images", store.images.size())
        .put("Driver", "overlay2");
    view.putArray("DriverStatus").addArray().add("Backing Filesystem").add("extfs");
    var plugins = view.putObject("Plugins");
    plugins.putArray("Volume").add("local");
    plugins.putArray("Network").add("bridge").add("host").add("null");
    plugins.putNull("Authorization").putArray("Log").add("json-file");
    view.put("MemoryLimit", true)
        .put("SwapLimit", true)
        .put("CpuCfsPeriod", true)
        .put("CpuCfsQuota", true)
        .put("PidsLimit", true)
        .put("IPv4Forwarding", true)
        .put("Debug", false)
        .put("NFd", 20)
        .put("NGoroutines", 30)
        .put("SystemTime", now.toString())
        .put("LoggingDriver", "json-file")
        .put("CgroupDriver", "systemd")
        .put("CgroupVersion", "2")
        .put("NEventsListener", 0)
        .put("KernelVersion", KERNEL)
        .put("OperatingSystem", "Debian GNU/Linux 12 (bookworm)")
        .put("OSVersion", "12")
        .put("OSType", "linux")
        .put("Architecture", "x86_64")
        .put("IndexServerAddress", "https://index.docker.io/v1/")
        .put("NCPU", profile.cpus())
        .put("MemTotal", profile.memoryBytes())
        .put("DockerRootDir", "/var/lib/docker")
        .put("HttpProxy", "")
        .put("HttpsProxy", "")
        .put("NoProxy", "")
        .put("Name", profile.hostName());
    view.putArray("Labels");
    view.put("ExperimentalBuild", false).put("ServerVersion", VERSION);
    view.putObject("Runtimes").putObject("runc").put("path", "runc");
    view.put("DefaultRuntime", "runc")
        .put("LiveRestoreEnabled", true)
        .put("InitBinary", "docker-init");
    view.putObject("Swarm").put("NodeID", "").put("LocalNodeState", "inactive");
    view.putArray("SecurityOptions").add("name=seccomp,profile=builtin");
    view.putArray("Warnings");
    return view;
  }

  private static long count(Store store, Container.Status status) {
    return store.containers.stream().filter(c -> c.status == status).count();
  }
}
