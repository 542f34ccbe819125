package io.agentopia.toolbox.system.fault;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** What stands between droplets and the gateway, and fails some of what passes it. */
final class UnreliableEdge implements AutoCloseable {
  private static final List<String> PASSED_ON = List.of("Authorization", "Content-Type");

  private final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Supplier<String> gateway;
  private final Random random;
  private final AtomicInteger failed = new AtomicInteger();
  private volatile int percent;

  UnreliableEdge(Supplier<String> gateway, long seed) throws IOException {
    this.gateway = gateway;
    this.random = new Random(seed);
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::pass);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** From now on so many of a hundred requests fail. */
  void fail(int ofAHundred) {
    percent = ofAHundred;
  }

  int failed() {
    return failed.get();
  }

  private void pass(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = exchange.getRequestBody().readAllBytes();
      if (random.nextInt(100) < percent) {
        failed.incrementAndGet();
        if (random.nextBoolean()) {
          exchange.sendResponseHeaders(502, -1);
        } // else the connection ends without an answer
        return;
      }
      var request =
          HttpRequest.newBuilder(URI.create(gateway.get() + exchange.getRequestURI()))
              .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
      for (var name : PASSED_ON) {
        var value = exchange.getRequestHeaders().getFirst(name);
        if (value != null) {
          request.header(name, value);
        }
      }
      var answer = client.send(request.build(), BodyHandlers.ofByteArray());
      answer
          .headers()
          .firstValue("Content-Type")
          .ifPresent(type -> exchange.getResponseHeaders().add("Content-Type", type));
      exchange.sendResponseHeaders(
          answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
      exchange.getResponseBody().write(answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    client.close();
  }
}
