package io.agentopia.toolbox.simulator.api;

import com.sun.net.httpserver.HttpServer;
import io.agentopia.toolbox.simulator.store.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands where droplets phone home. */
final class Gateway implements AutoCloseable {
  /** Token and stage of each call. */
  final List<String> calls = new CopyOnWriteArrayList<>();

  private final HttpServer server;

  Gateway(int status) throws IOException {
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/agent/v1/boot",
        exchange -> {
          var body = Json.MAPPER.readTree(exchange.getRequestBody());
          var token = exchange.getRequestHeaders().getFirst("Authorization");
          calls.add(token + " " + body.path("stage").asText());
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
  }

  String userData(String joinToken) {
    return """
        #cloud-config
        write_files:
          - path: /etc/agentopia/dtma.env
            content: |
              DTMA_BACKEND_URL=http://127.0.0.1:%d
              DTMA_JOIN_TOKEN=%s
              DTMA_PORT=30000
          - path: /etc/agentopia/images
            content: |
              docker.io/agentopia/dtma:1
        """
        .formatted(server.getAddress().getPort(), joinToken);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
