package io.agentopia.toolbox.simulator.docker.engine;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The images of an engine. */
final class Images {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Instant BUILT = Instant.parse("2025-01-01T00:00:00Z");

  private final Store store;
  private final EventLog events;

  Images(Store store, EventLog events) {
    this.store = store;
    this.events = events;
  }

  /** Where no registry can be asked, each name has the same digest every time. */
  static String digest(ImageName name) {
    return name.digest() != null ? name.digest() : hash("manifest " + name);
  }

  private static String hash(String text) {
    try {
      var bytes =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "sha256:" + HexFormat.of().formatHex(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  boolean has(ImageName name, String digest) {
    return store.images.stream()
        .anyMatch(i -> i.digest().equals(digest) && i.isCalled(name.toString()));
  }

  void add(ImageName name, String digest, Instant now) {
    if (!has(name, digest)) {
      untag(name);
      var image = pulledBefore(name, digest);
      store.images.remove(image);
      store.images.add(name.tag() == null ? image : image.withTags(with(image, name)));
    }
    events.image(name.toString(), "pull", now);
  }

  /** A tag that has moved in its registry leaves the image of before, which stays. */
  private void untag(ImageName name) {
    var tag = name.toString();
    store.images.replaceAll(
        i ->
            i.tags().contains(tag)
                ? i.withTags(i.tags().stream().filter(t -> !t.equals(tag)).toList())
                : i);
  }

  private Image pulledBefore(ImageName name, String digest) {
    var size = 20_000_000L + Math.floorMod(digest.hashCode(), 180_000_000);
    return store.images.stream()
        .filter(i -> i.repository().equals(name.repository()) && i.digest().equals(digest))
        .findFirst()
        .orElseGet(
            () ->
                new Image(
                    hash("config " + digest), name.repository(), digest, List.of(), size, BUILT));
  }

  private static List<String> with(Image image, ImageName name) {
    var tags = new ArrayList<>(image.tags());
    tags.add(name.toString());
    return tags;
  }

  ArrayNode remove(String reference, boolean force, Instant now) {
    var image = store.image(reference);
    var users = store.containers.stream().filter(c -> c.imageId.equals(image.id())).toList();
    var stopper = users.stream().filter(c -> !force || c.isUp()).findFirst();
    if (stopper.isPresent()) {
      var user = stopper.get();
      throw new EngineRefusal(
          409,
          "conflict: unable to remove repository reference \"%s\" (must force) - container %s is using its referenced image %s"
              .formatted(reference, user.id.substring(0, 12), image.id().substring(7, 19)));
    }
    store.images.remove(image);
    var removed = JSON.arrayNode();
    image.tags().forEach(t -> removed.addObject().put("Untagged", t));
    removed.addObject().put("Untagged", image.repository() + "@" + image.digest());
    removed.addObject().put("Deleted", image.id());
    events.image(image.id(), "delete", now);
    return removed;
  }

  ArrayNode list(Filters filters) {
    var list = JSON.arrayNode();
    store.images.stream()
        .filter(i -> filters.any("reference", r -> matches(i, r)))
        .forEach(i -> list.add(summary(i)));
    return list;
  }

  private static boolean matches(Image image, String reference) {
    return image.repository().equals(reference) || image.isCalled(reference);
  }

  private ObjectNode summary(Image image) {
    var used = store.containers.stream().filter(c -> c.imageId.equals(image.id())).count();
    var view = JSON.objectNode();
    view.put("Id", image.id()).put("ParentId", "");
    names(view, image);
    view.put("Created", image.created().getEpochSecond())
        .put("Size", image.size())
        .put("SharedSize", -1)
        .put("VirtualSize", image.size())
        .put("Containers", used)
        .putNull("Labels");
    return view;
  }

  private static void names(ObjectNode view, Image image) {
    var tags = view.putArray("RepoTags");
    image.tags().forEach(tags::add);
    view.putArray("RepoDigests").add(image.repository() + "@" + image.digest());
  }

  ObjectNode inspected(String reference) {
    var image = store.image(reference);
    var view = JSON.objectNode();
    view.put("Id", image.id());
    names(view, image);
    view.put("Parent", "")
        .put("Comment", "")
        .put("Created", image.created().toString())
        .put("DockerVersion", "")
        .put("Author", "");
    var config = view.putObject("Config");
    config.putArray("Env").add("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    config.putNull("Cmd").putNull("Entrypoint").putNull("Labels").putNull("Volumes");
    view.put("Architecture", "amd64")
        .put("Os", "linux")
        .put("Size", image.size())
        .put("VirtualSize", image.size());
    view.putObject("GraphDriver").put("Name", "overlay2").putObject("Data");
    view.putObject("RootFS").put("Type", "layers").putArray("Layers").add(hash(image.id()));
    view.putObject("Metadata").put("LastTagTime", ContainerView.NEVER);
    return view;
  }
}
