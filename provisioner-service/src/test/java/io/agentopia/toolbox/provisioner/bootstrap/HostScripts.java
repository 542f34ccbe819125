package io.agentopia.toolbox.provisioner.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The scripts of a rendered user-data on a droplet that is a directory: their absolute paths are
 * moved there, and docker, systemctl and curl are fakes. An agent is a shell script, run as long as
 * {@code docker run} would be.
 */
final class HostScripts {
  private static final List<String> MOVED =
      List.of(
          "/etc/agentopia",
          "/var/lib/dtma",
          "/usr/local/lib/agentopia",
          "/run/agentopia",
          "/run/cloud-init",
          "/var/log/cloud-init-output.log",
          "/var/run/docker.sock",
          "/proc/uptime",
          "/proc/sys/kernel/random/boot_id");

  private static final String DOCKER =
      """
      #!/bin/bash
      [ "$1" = run ] || exit 0
      echo "$*" >>ROOT/docker.log
      export IMAGE="${!#}" STATE=ROOT/var/lib/dtma
      [[ "$*" == *"DTMA_IMAGE=$IMAGE"* ]] || exit 99
      agent="ROOT/agents/${IMAGE##*:}"
      [ ! -f "$agent" ] || . "$agent"
      """;

  private static final String SYSTEMCTL =
      "#!/bin/bash\n[ \"$1\" = is-active ] || echo \"$*\" >>ROOT/systemctl.log\n";
  private static final String CURL = "#!/bin/bash\necho 200\n";

  /** Whoever runs the test need not be root. */
  private static final String INSTALL =
      """
      #!/bin/bash
      arguments=()
      while [ $# -gt 0 ]; do
        case "$1" in -o | -g) shift 2 ;; *) arguments+=("$1"); shift ;; esac
      done
      exec /usr/bin/install "${arguments[@]}"
      """;

  record Ended(int exitCode, String output) {}

  private final Path root;
  private boolean isBare;

  HostScripts(Path root, String userData) throws IOException {
    this.root = root;
    for (var directory :
        List.of("etc/agentopia", "run", "var/run", "proc/sys/kernel/random", "agents", "bin")) {
      Files.createDirectories(root.resolve(directory));
    }
    Files.createFile(root.resolve("var/run/docker.sock"));
    rebooted("boot-1");
    Map<String, Object> document =
        new Yaml(new SafeConstructor(new LoaderOptions())).load(userData);
    for (var entry : (List<?>) document.get("write_files")) {
      var file = (Map<?, ?>) entry;
      var path = file.get("path").toString();
      if (path.startsWith("/etc/agentopia/") || path.startsWith("/usr/local/lib/agentopia/")) {
        script(path.substring(1), moved(file.get("content").toString()));
      }
    }
    fake("docker", DOCKER);
    fake("systemctl", SYSTEMCTL);
    fake("curl", CURL);
    fake("install", INSTALL);
  }

  private String moved(String script) {
    var text = script;
    for (var path : MOVED) {
      text = text.replace(path, root + path);
    }
    return text;
  }

  /** A command of the droplet's, in place of the machine's own. */
  void fake(String name, String script) throws IOException {
    script("bin/" + name, script.replace("ROOT", root.toString()));
  }

  /** The droplet has these commands of the machine, and the fakes; no others. */
  void hasOnly(String... commands) throws IOException {
    for (var command : commands) {
      Files.createSymbolicLink(root.resolve("bin").resolve(command), Path.of("/usr/bin", command));
    }
    isBare = true;
  }

  private void script(String path, String text) throws IOException {
    var file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  /** What the agent of an image does, in the shell, with {@code IMAGE} and {@code STATE} set. */
  void agent(String image, String script) throws IOException {
    Files.writeString(root.resolve("agents").resolve(image.replaceFirst(".*:", "")), script);
  }

  void uptime(int seconds) throws IOException {
    Files.writeString(root.resolve("proc/uptime"), seconds + ".17 99.00\n");
  }

  void rebooted(String bootId) throws IOException {
    Files.writeString(root.resolve("proc/sys/kernel/random/boot_id"), bootId + "\n");
    uptime(10);
  }

  /** What the supervisor does; returns when the agent has ended. */
  Ended runAgent() throws IOException, InterruptedException {
    return run("run-agent");
  }

  Ended watchAgent() throws IOException, InterruptedException {
    return run("watch-agent");
  }

  Ended bootstrap() throws IOException, InterruptedException {
    return run("bootstrap");
  }

  private Ended run(String script) throws IOException, InterruptedException {
    var builder =
        new ProcessBuilder(root.resolve("usr/local/lib/agentopia").resolve(script).toString());
    builder
        .environment()
        .merge(
            "PATH", root.resolve("bin").toString(), (old, bin) -> isBare ? bin : bin + ":" + old);
    var process = builder.redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(output).isTrue();
    return new Ended(process.exitValue(), output);
  }

  Path path(String path) {
    return root.resolve(path);
  }

  Path upgrade(String file) throws IOException {
    return Files.createDirectories(root.resolve("var/lib/dtma/upgrade")).resolve(file);
  }

  void write(Path file, String text) throws IOException {
    Files.writeString(file, text);
  }

  String text(String path) throws IOException {
    var file = root.resolve(path);
    return Files.exists(file) ? Files.readString(file) : "";
  }

  /** The images of all agents that were started, in order. */
  List<String> started() throws IOException {
    return text("docker.log").lines().map(l -> l.substring(l.lastIndexOf(' ') + 1)).toList();
  }
}
