package io.agentopia.toolbox.simulator.docker.engine;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The last events, and those who listen for more. As Docker's, it does not outlive the engine. */
final class EventLog {
  private static final int KEPT = 1024;
  private final Deque<EngineEvent> events = new ArrayDeque<>();
  private final List<Consumer<EngineEvent>> listeners = new CopyOnWriteArrayList<>();

  void container(Container container, String action, Instant now, String... more) {
    var attributes = new LinkedHashMap<String, String>();
    attributes.putAll(container.labels());
    attributes.put("image", container.image);
    attributes.put("name", container.name);
    add("container", action, container.id, attributes, now, more);
  }

  void image(String name, String action, Instant now) {
    add("image", action, name, new LinkedHashMap<>(Map.of("name", name)), now);
  }

  void network(Network network, String action, Instant now, String... more) {
    var attributes = new LinkedHashMap<String, String>();
    attributes.put("name", network.name());
    attributes.put("type", network.driver());
    add("network", action, network.id(), attributes, now, more);
  }

  private void add(
      String type,
      String action,
      String id,
      Map<String, String> attributes,
      Instant now,
      String... more) {
    for (var i = 0; i + 1 < more.length; i += 2) {
      attributes.put(more[i], more[i + 1]);
    }
    var event = new EngineEvent(type, action, id, attributes, now);
    events.addLast(event);
    if (events.size() > KEPT) {
      events.removeFirst();
    }
    listeners.forEach(l -> l.accept(event));
  }

  List<EngineEvent> since(Instant from) {
    return new ArrayList<>(events).stream().filter(e -> !e.at().isBefore(from)).toList();
  }

  Runnable listen(Consumer<EngineEvent> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }
}
