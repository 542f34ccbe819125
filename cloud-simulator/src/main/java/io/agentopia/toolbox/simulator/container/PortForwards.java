package io.agentopia.toolbox.simulator.container;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Ways out of the droplets' network: what listens on this computer's loopback address is reached at
 * the network's gateway. So nothing of the platform listens where others could reach it. A door can
 * be made to answer everything with an HTTP error, as a registry does that is down or limits.
 */
public final class PortForwards {
  private static final Logger LOG = Logger.getLogger(PortForwards.class);
  private static final String INSIDE = "127.0.0.1";

  private final Vertx vertx;
  private final NetClient client;
  private final Map<String, Door> doors = new LinkedHashMap<>();

  /**
   * @param status what it answers instead of passing on; 0: it passes on
   */
  public record View(String name, int port, int status) {}

  private static final class Door {
    private final String name;
    private final int port;
    private final Set<NetSocket> open = ConcurrentHashMap.newKeySet();
    private volatile int status;

    private Door(String name, int port) {
      this.name = name;
      this.port = port;
    }

    private View view() {
      return new View(name, port, status);
    }
  }

  /**
   * @param specs each {@code name:port}
   */
  public PortForwards(Vertx vertx, List<String> specs) {
    this.vertx = vertx;
    this.client = vertx.createNetClient();
    for (var spec : specs) {
      var parts = spec.split(":", 2);
      if (parts.length != 2 || !parts[1].matches("[0-9]{1,5}")) {
        throw new IllegalArgumentException(
            "simulator.containers.doors has \"" + spec + "\"; each entry is name:port");
      }
      doors.put(parts[0], new Door(parts[0], Integer.parseInt(parts[1])));
    }
  }

  /** Returns when all are open. */
  void open(String address) {
    for (var door : doors.values()) {
      var listening =
          vertx
              .createNetServer()
              .connectHandler(socket -> connected(door, socket))
              .listen(door.port, address);
      try {
        listening.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception e) {
        throw new IllegalStateException(
            "opening the door \"%s\" at %s:%d failed; end the program that listens there"
                .formatted(door.name, address, door.port),
            e);
      }
      LOG.infof("door open: name=%s, address=%s:%d", door.name, address, door.port);
    }
  }

  public List<View> all() {
    return doors.values().stream().map(Door::view).toList();
  }

  /**
   * @param status 0: pass on again
   * @return empty when there is no such door
   */
  public Optional<View> answer(String name, int status) {
    var door = doors.get(name);
    if (door == null) {
      return Optional.empty();
    }
    door.status = status;
    // Connections that are kept alive would go on as before.
    List.copyOf(door.open).forEach(NetSocket::close);
    LOG.infof("door changed: name=%s, status=%d", name, status);
    return Optional.of(door.view());
  }

  private void connected(Door door, NetSocket outside) {
    if (door.status != 0) {
      outside.handler(request -> refuse(door, outside));
      return;
    }
    door.open.add(outside);
    outside.closeHandler(x -> door.open.remove(outside));
    outside.pause();
    client
        .connect(door.port, INSIDE)
        .onSuccess(inside -> join(outside, inside))
        .onFailure(e -> outside.close());
  }

  private static void join(NetSocket outside, NetSocket inside) {
    Future.join(outside.pipeTo(inside), inside.pipeTo(outside))
        .onComplete(
            x -> {
              outside.close();
              inside.close();
            });
  }

  private static void refuse(Door door, NetSocket socket) {
    var body = "{\"errors\":[{\"code\":\"" + code(door.status) + "\"}]}";
    socket
        .write(
            Buffer.buffer(
                "HTTP/1.1 %d Refused\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                    .formatted(door.status, body.length(), body)))
        .onComplete(x -> socket.close());
  }

  private static String code(int status) {
    return status == 429 ? "TOOMANYREQUESTS" : "UNAVAILABLE";
  }
}
