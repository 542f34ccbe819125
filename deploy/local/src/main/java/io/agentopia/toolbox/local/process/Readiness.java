package io.agentopia.toolbox.local.process;

import io.agentopia.toolbox.embedded.ReadyFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** How to see from outside that a process does its work. */
@FunctionalInterface
public interface Readiness {
  /** Asked again and again; an exception counts as "not yet". */
  boolean isReady(long pid) throws IOException, InterruptedException;

  /** Ready when the address answers 200. */
  static Readiness http(URI address) {
    var client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    var request = HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(5)).build();
    return pid -> client.send(request, BodyHandlers.discarding()).statusCode() == 200;
  }

  /** Ready when the process has said so, and its port can be connected to. */
  static Readiness announced(ReadyFile file, int port) {
    return pid -> {
      if (!file.isOf(pid)) {
        return false;
      }
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return socket.isConnected();
      }
    };
  }
}
