package io.agentopia.toolbox.system.fault;

import static org.awaitility.Awaitility.await;

import io.agentopia.toolbox.local.process.ManagedProcess;
import java.sql.SQLException;
import java.time.Duration;

/** Where in the handling of an event, or in telling of it, an instance is struck. */
enum StepOfHandling {
  /** In the transaction that handles an event. */
  BEFORE_COMMIT {
    @Override
    void strike(FaultPlatform platform, String service, Runnable traffic, Blow blow)
        throws SQLException {
      try (var point = Failpoint.before("insert", "inbox", platform.database(service))) {
        traffic.run();
        blow.on(platform.process(point.awaitHit()));
      }
    }
  },

  /** The state and its events are stored; the broker has not got them. */
  BEFORE_PUBLISH {
    @Override
    void strike(FaultPlatform platform, String service, Runnable traffic, Blow blow)
        throws SQLException {
      try (var point = Failpoint.before("insert", "outbox", platform.database(service))) {
        traffic.run();
        var victim = platform.process(point.awaitHit());
        synchronized (StepOfHandling.class) { // one broker for all who strike at the same time
          platform.process("kafka").pause();
          try {
            point.release();
            await("an event that is stored and not published")
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> unpublished(platform, service) > 0);
            blow.on(victim);
          } finally {
            platform.process("kafka").resume();
          }
        }
      }
    }
  },

  /** The broker has the event; that is not noted yet. */
  BEFORE_MARK {
    @Override
    void strike(FaultPlatform platform, String service, Runnable traffic, Blow blow)
        throws SQLException {
      try (var point = Failpoint.before("update", "outbox", platform.database(service))) {
        traffic.run();
        blow.on(platform.process(point.awaitHit()));
      }
    }
  },

  /** The event is handled; its offset is not committed yet. */
  BEFORE_OFFSET {
    @Override
    void strike(FaultPlatform platform, String service, Runnable traffic, Blow blow)
        throws SQLException {
      try (var point = Failpoint.before("insert", "inbox", platform.database(service))) {
        traffic.run();
        var victim = platform.process(point.awaitHit());
        var transactions = point.transactions();
        point.release();
        await("the events that wait there to be handled")
            .atMost(Duration.ofSeconds(20))
            .pollInterval(Duration.ofMillis(10))
            .until(() -> point.haveEnded(transactions));
        blow.on(victim);
      }
    }
  };

  /** What is done to the instance. */
  interface Blow {
    void on(ManagedProcess instance);
  }

  /** Begins the traffic with the trap set, and strikes whoever walks into it. */
  abstract void strike(FaultPlatform platform, String service, Runnable traffic, Blow blow)
      throws SQLException;

  private static long unpublished(FaultPlatform platform, String service) throws SQLException {
    return Databases.number(
        platform.database(service), "select count(*) from outbox where published_at is null");
  }
}
