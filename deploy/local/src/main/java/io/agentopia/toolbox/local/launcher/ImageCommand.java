package io.agentopia.toolbox.local.launcher;

import io.agentopia.toolbox.local.images.DockerCli;
import io.agentopia.toolbox.local.images.Image;
import io.agentopia.toolbox.local.images.ImageBuilder;
import io.agentopia.toolbox.local.images.ImagePublisher;
import io.agentopia.toolbox.local.images.Tags;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Container images: of the agent, and of each service. */
@Command(name = "image", description = "Builds and pushes the container images.")
final class ImageCommand extends LocalCommand {
  private static final long MEGABYTE = 1_000_000;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "Say what to do: image build or image push.");
  }

  @Command(name = "build", description = "Makes images with this machine's Docker engine.")
  int build(
      @Parameters(paramLabel = "NAME", arity = "0..1", defaultValue = "dtma") String name,
      @Option(names = "--tag", paramLabel = "vX.Y.Z") String version,
      @Option(names = "--base", paramLabel = "IMAGE", defaultValue = ImageBuilder.BASE) String base,
      @Option(names = "--no-cache") boolean fresh)
      throws IOException {
    var images = images(name);
    var wish = new ImageBuilder.Wish(base, version(version), !fresh);
    var builder = new ImageBuilder(place.options().repository(), place.dir().resolve("images"));
    for (var image : images) {
      screen.passing("making " + image.name() + " ...");
      tell(builder.build(image, wish));
    }
    return 0;
  }

  private void tell(ImageBuilder.Built built) {
    screen.line(
        "%s  %s  %d MB".formatted(built.names().getFirst(), built.id(), built.bytes() / MEGABYTE));
    built.names().stream().skip(1).forEach(also -> screen.line(also + "  the same"));
  }

  @Command(name = "push", description = "Puts built images into registries (docker login first).")
  int push(
      @Parameters(paramLabel = "NAME", arity = "0..1", defaultValue = "dtma") String name,
      @Option(names = "--to", paramLabel = "REPOSITORY", split = ",", required = true)
          List<String> to,
      @Option(names = "--tag", paramLabel = "vX.Y.Z") String version,
      @Option(names = "--no-latest") boolean noLatest) {
    var images = images(name);
    var publisher = new ImagePublisher(place.options().repository());
    var refused = new ArrayList<DockerCli.Push>();
    for (var image : images) {
      var repositories = repositories(to, image, images.size());
      var wish = new ImagePublisher.Wish(repositories, version(version), !noLatest);
      publisher.push(image, wish, this::tell).stream()
          .filter(outcome -> !outcome.ok())
          .forEach(refused::add);
    }
    refused.forEach(
        push ->
            screen.failure(
                "pushing %s was refused:%n%s%nIs there a docker login for that registry, and does it answer?"
                    .formatted(push.reference(), push.refusal())));
    return refused.isEmpty() ? 0 : 1;
  }

  private void tell(DockerCli.Push push) {
    screen.line(push.reference() + "  " + (push.ok() ? push.digest() : "REFUSED, see below"));
  }

  private List<Image> images(String name) {
    return checked(() -> Image.named(name));
  }

  private Optional<String> version(String text) {
    return checked(() -> Optional.ofNullable(text).map(Tags::version));
  }

  private List<String> repositories(List<String> to, Image image, int images) {
    return checked(() -> Tags.repositories(to, image, images));
  }

  /** A wrong argument is the caller's (exit code 2), anything else ours. */
  private <T> T checked(java.util.function.Supplier<T> argument) {
    try {
      return argument.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }
}
