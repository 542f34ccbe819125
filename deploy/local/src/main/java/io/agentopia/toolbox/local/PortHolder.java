package io.agentopia.toolbox.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Who listens on a port, for a message. Linux tells it of the user's own processes ({@code
 * /proc/net/tcp}: the local address in hexadecimal in the second column, the state in the fourth,
 * the socket's inode in the tenth); elsewhere the message says how to find out.
 */
final class PortHolder {
  private static final String LISTENS = "0A";

  private PortHolder() {}

  static String of(int port) {
    return sockets(port).stream()
        .flatMap(inode -> holder("socket:[" + inode + "]").stream())
        .findFirst()
        .orElse("another program (sudo lsof -nP -iTCP:" + port + " -sTCP:LISTEN shows it)");
  }

  private static Set<String> sockets(int port) {
    var ending = ":%04X".formatted(port);
    var inodes = new HashSet<String>();
    for (var table : List.of("tcp", "tcp6")) {
      try (var lines = Files.lines(Path.of("/proc/net", table))) {
        lines
            .map(line -> line.strip().split("\\s+"))
            .filter(c -> c.length > 9 && c[1].endsWith(ending) && c[3].equals(LISTENS))
            .forEach(c -> inodes.add(c[9]));
      } catch (IOException e) {
        // no such table here
      }
    }
    return inodes;
  }

  private static Optional<String> holder(String socket) {
    return ProcessHandle.allProcesses()
        .filter(p -> holds(p.pid(), socket))
        .findFirst()
        .map(p -> "process " + p.pid() + p.info().command().map(c -> " (" + c + ")").orElse(""));
  }

  private static boolean holds(long pid, String socket) {
    try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      return open.anyMatch(link -> isLinkTo(link, socket));
    } catch (IOException e) {
      return false; // not ours, or gone
    }
  }

  private static boolean isLinkTo(Path link, String target) {
    try {
      return Files.readSymbolicLink(link).toString().equals(target);
    } catch (IOException e) {
      return false;
    }
  }
}
