package io.agentopia.toolbox.embedded;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Runs the database as a process of its own: {@code DatabaseMain <dir> <port> <database>...}. Ends
 * on SIGTERM, and takes the server with it; ends with an error when the server does.
 */
public final class DatabaseMain {
  private DatabaseMain() {}

  public static void main(String[] args) throws InterruptedException {
    Logging.configure();
    var dir = Path.of(args[0]).toAbsolutePath();
    var databases = List.of(args).subList(2, args.length);
    var security =
        Optional.ofNullable(System.getenv("POSTGRES_SECURITY"))
            .map(file -> DatabaseSecurity.read(Path.of(file)))
            .orElse(DatabaseSecurity.NONE);
    var database =
        EmbeddedDatabase.start(dir.resolve("data"), Integer.parseInt(args[1]), databases, security);
    // Gone before the announcement means gone for good: the supervisor starts all of this again.
    var server = ProcessHandle.of(database.pid().orElseThrow()).orElseThrow();
    readyFile(dir).announce();
    System.out.println("PostgreSQL is ready on port " + database.port() + " with " + databases);
    server.onExit().join();
    System.err.println("The PostgreSQL server has ended");
    System.exit(1);
  }

  /** Where it says that it is ready. */
  public static ReadyFile readyFile(Path dir) {
    return ReadyFile.in(dir);
  }
}
