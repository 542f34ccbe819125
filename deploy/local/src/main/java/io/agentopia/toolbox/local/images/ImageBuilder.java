package io.agentopia.toolbox.local.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Makes images: links the runtime, lays out the layers, and has the engine put them together. */
public final class ImageBuilder {
  public static final String BASE = "debian:bookworm-slim";
  private static final Map<String, String> ARCHITECTURES =
      Map.of("amd64", "amd64", "x86_64", "amd64", "aarch64", "arm64", "arm64", "arm64");

  /** {@code cached}: may the engine take layers it has? */
  public record Wish(String base, Optional<String> version, boolean cached) {
    public static Wish usual() {
      return new Wish(BASE, Optional.empty(), true);
    }
  }

  /** What came of it: the layers' content digests, the base's first. */
  public record Built(
      Image image, List<String> names, String id, long bytes, List<String> layers) {}

  private final Path repository;
  private final Path work;
  private final Path jdk;
  private final DockerCli docker;

  public ImageBuilder(Path repository, Path work) {
    this.repository = repository.toAbsolutePath().normalize();
    this.work = work.toAbsolutePath().normalize();
    this.jdk = Path.of(System.getProperty("java.home"));
    this.docker = new DockerCli(this.repository);
  }

  public Built build(Image image, Wish wish) throws IOException {
    samePlatform(docker.requiredPlatform());
    docker.provide(wish.base());
    Files.createDirectories(work);
    var source = Source.of(repository, System.getenv());
    var options = repository.resolve(image.kind().options());
    var runtime = new JavaRuntime(jdk, work).linked(image.kind(), options);
    var context = new BuildContext(repository, work).of(image, runtime, source.time());
    var names = names(image, wish);
    var ended = docker.build(arguments(image, wish, source, names), context);
    Files.writeString(work.resolve(image.name() + ".log"), ended.output());
    ended.orFail("docker build of " + image.name() + " in " + context);
    return found(image, names);
  }

  private Built found(Image image, List<String> names) {
    var first = names.getFirst();
    return new Built(
        image,
        names,
        docker.inspect(first, "{{.Id}}"),
        Long.parseLong(docker.inspect(first, "{{.Size}}")),
        docker.inspect(first, "{{join .RootFS.Layers \"\\n\"}}").lines().toList());
  }

  private static List<String> names(Image image, Wish wish) {
    return Tags.of(wish.version(), true).stream().map(image::local).toList();
  }

  private static List<String> arguments(Image image, Wish wish, Source source, List<String> names) {
    var arguments = new ArrayList<String>();
    names.forEach(name -> arguments.addAll(List.of("--tag", name)));
    arguments.addAll(List.of("--build-arg", "BASE=" + wish.base()));
    // BuildKit dates the image with it; the classic builder dates images by its clock.
    arguments.addAll(List.of("--build-arg", "SOURCE_DATE_EPOCH=" + source.time().getEpochSecond()));
    labels(image, wish, source)
        .forEach((key, value) -> arguments.addAll(List.of("--label", key + "=" + value)));
    if (!wish.cached()) {
      arguments.add("--no-cache");
    }
    return arguments;
  }

  /** https://specs.opencontainers.org/image-spec/annotations/ */
  private static Map<String, String> labels(Image image, Wish wish, Source source) {
    var prefix = "org.opencontainers.image.";
    var labels = new TreeMap<String, String>();
    source.address().ifPresent(address -> labels.put(prefix + "source", address));
    labels.putAll(
        Map.of(
            prefix + "title", image.title(),
            prefix + "licenses", "Apache-2.0",
            prefix + "vendor", "Agentopia",
            prefix + "version", wish.version().orElse(Tags.LATEST),
            prefix + "revision", source.revision(),
            prefix + "created", source.time().toString(),
            prefix + "base.name", wish.base()));
    return labels;
  }

  /** The runtime is linked from this machine's JDK, so the image is for machines like this one. */
  private void samePlatform(String engine) {
    var os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    var arch = System.getProperty("os.arch");
    var own = os + "/" + ARCHITECTURES.getOrDefault(arch, arch);
    if (!own.equals(engine)) {
      throw new IllegalStateException(
          "the engine makes images for %s, but the JDK in %s is for %s; build on a machine of the engine's kind, or let .github/workflows/images.yml do it"
              .formatted(engine, jdk, own));
    }
  }
}
