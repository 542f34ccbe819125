package io.agentopia.toolbox.local.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
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

  /**
   * Ready when the process has written its own id into a file and its port can be connected to. The
   * id tells it from a predecessor that still listens there.
   */
  static Readiness announced(Path file, int port) {
    return pid -> {
      if (!Files.exists(file) || !Files.readString(file).strip().equals(Long.toString(pid))) {
        return false;
      }
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return socket.isConnected();
      }
    };
  }

  /** The other end of {@link #announced}: this process says that it is ready. */
  static void announce(Path file) {
    try {
      var written =
          Files.writeString(file.resolveSibling(file.getFileName() + ".new"), pidOfThis());
      Files.move(written, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new IllegalStateException("writing " + file + " failed", e);
    }
  }

  private static String pidOfThis() {
    return Long.toString(ProcessHandle.current().pid());
  }
}
