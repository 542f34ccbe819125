package io.agentopia.toolbox.local.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;

/**
 * The directory that is given to the engine: a Dockerfile and three layers, the one that changes
 * least first. Everything is made here, so the build itself neither runs a program nor asks a
 * network.
 */
final class BuildContext {
  /** The user the programs run as. */
  static final int USER = 10001;

  private static final int PRIVATE = 0700;
  private static final String JAVA = "opt/java";
  private static final String APP = "opt/app";
  private static final String OWN_JARS = "io.agentopia.";

  private final Path repository;
  private final Path work;

  BuildContext(Path repository, Path work) {
    this.repository = repository;
    this.work = work;
  }

  Path of(Image image, Path runtime, Instant time) throws IOException {
    var program = repository.resolve(image.module()).resolve("target/quarkus-app");
    if (!Files.isRegularFile(program.resolve("quarkus-run.jar"))) {
      throw new IllegalStateException(
          "making the image %s: %s is not built; ./toolbox image build builds it first, or ./mvnw -pl %s -am package"
              .formatted(image.name(), program, image.module()));
    }
    var context = Files.createDirectories(work.resolve(image.name()));
    new LayerTar().tree(JAVA, runtime).write(context.resolve("runtime.tar"), time);
    libraries(program).write(context.resolve("lib.tar"), time);
    own(image, program).write(context.resolve("app.tar"), time);
    var dockerfile = images().resolve(image.kind().directory()).resolve("Dockerfile");
    Files.copy(dockerfile, context.resolve("Dockerfile"), StandardCopyOption.REPLACE_EXISTING);
    return context;
  }

  private static LayerTar libraries(Path program) throws IOException {
    var layer = new LayerTar();
    for (var jar : jars(program)) {
      if (!jar.getFileName().toString().startsWith(OWN_JARS)) {
        layer.file(APP + "/" + program.relativize(jar), jar);
      }
    }
    return layer;
  }

  private LayerTar own(Image image, Path program) throws IOException {
    var layer =
        new LayerTar()
            .file(APP + "/quarkus-run.jar", program.resolve("quarkus-run.jar"))
            .tree(APP + "/app", program.resolve("app"))
            .tree(APP + "/quarkus", program.resolve("quarkus"))
            .file(APP + "/jvm.options", repository.resolve(image.kind().options()))
            .file(APP + "/health", images().resolve("health"));
    for (var jar : jars(program)) {
      if (jar.getFileName().toString().startsWith(OWN_JARS)) {
        layer.file(APP + "/" + program.relativize(jar), jar);
      }
    }
    return image.kind() == Image.Kind.AGENT
        ? layer.directory("var/lib/dtma", PRIVATE, USER)
        : layer;
  }

  private static List<Path> jars(Path program) throws IOException {
    try (var files = Files.walk(program.resolve("lib"))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private Path images() {
    return repository.resolve("deploy/images");
  }
}
