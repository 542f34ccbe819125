package io.agentopia.toolbox.simulator.docker.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentopia.toolbox.simulator.docker.engine.Engine;
import io.agentopia.toolbox.simulator.docker.engine.EngineRefusal;
import io.agentopia.toolbox.simulator.docker.engine.Filters;
import io.agentopia.toolbox.simulator.docker.engine.ImageName;
import java.time.Clock;
import java.util.List;
import java.util.Set;

/** {@code /images}; pulls come from a {@link Registry}. */
final class ImageCalls {
  private static final Set<String> FILTERS =
      Set.of("reference", "label", "dangling", "before", "since", "until");
  private static final List<String> LAYER =
      List.of("Pulling fs layer", "Downloading", "Extracting", "Pull complete");
  private static final long STEP_MS = 40;

  private final Engine engine;
  private final Clock clock;
  private final Registry registry;
  private final Runnable save;

  ImageCalls(Engine engine, Clock clock, Registry registry, Runnable save) {
    this.engine = engine;
    this.clock = clock;
    this.registry = registry;
    this.save = save;
  }

  void into(Routes routes) {
    routes
        .post("/images/create", this::pull)
        .get(
            "/images/json",
            c -> c.answer(200, engine.images(Filters.parse(c.query("filters"), FILTERS))))
        .get("/images/{*}/json", c -> c.answer(200, engine.image(c.part(1))))
        .delete("/images/{*}", this::remove);
  }

  private void pull(Call call) {
    var from = call.query("fromImage");
    if (from.isEmpty()) {
      throw new EngineRefusal(
          400, "the simulated engine imports no images; name one with fromImage");
    }
    var tag = call.query("tag");
    if (!tag.isEmpty()) {
      ImageName.checkTag(tag);
    }
    var name =
        ImageName.parse(
            tag.isEmpty() ? from : from + (tag.startsWith("sha256:") ? "@" : ":") + tag);
    var digest = registry.digest(name);
    call.stream("application/json");
    call.line(status("Pulling from " + path(name)).put("id", String.valueOf(name.tag())));
    if (name.digest() != null && !name.digest().equals(digest)) {
      var sentence = "manifest verification failed for digest " + name.digest();
      call.line(
          JsonNodeFactory.instance
              .objectNode()
              .put("error", sentence)
              .set("errorDetail", JsonNodeFactory.instance.objectNode().put("message", sentence)));
    } else if (!engine.hasImage(name, digest)) {
      layers(call, digest);
      engine.addImage(name, digest, clock.instant());
      save.run();
      last(call, digest, "Status: Downloaded newer image for " + name);
    } else {
      last(call, digest, "Status: Image is up to date for " + name);
    }
    call.end();
  }

  private static String path(ImageName name) {
    var repository = name.repository();
    if (name.registry() != null) {
      return repository.substring(name.registry().length() + 1);
    }
    return repository.contains("/") ? repository : "library/" + repository;
  }

  private static void layers(Call call, String digest) {
    var layer = digest.substring(7, 19);
    for (var word : LAYER) {
      var line = status(word).put("id", layer);
      var progress = line.putObject("progressDetail");
      if (word.equals("Downloading") || word.equals("Extracting")) {
        progress.put("current", 1_000_000).put("total", 2_000_000);
        line.put("progress", "[=========================>                         ]      1MB/2MB");
      }
      call.line(line);
      pause();
    }
  }

  private static void last(Call call, String digest, String sentence) {
    call.line(status("Digest: " + digest));
    call.line(status(sentence));
  }

  private static ObjectNode status(String text) {
    return JsonNodeFactory.instance.objectNode().put("status", text);
  }

  private static void pause() {
    try {
      Thread.sleep(STEP_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void remove(Call call) {
    var removed = engine.removeImage(call.part(1), call.flag("force"), clock.instant());
    save.run();
    call.answer(200, removed);
  }
}
