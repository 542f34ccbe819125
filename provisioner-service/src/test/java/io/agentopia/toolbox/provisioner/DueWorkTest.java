package io.agentopia.toolbox.provisioner;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxLifecycle.DropletCreated;
import io.agentopia.toolbox.events.ToolboxLifecycle.DropletReady;
import io.agentopia.toolbox.events.ToolboxLifecycle.ToolboxDeleted;
import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.provisioner.cloud.InMemoryCloud;
import io.agentopia.toolbox.provisioner.cloud.Tags;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.agentopia.toolbox.testing.TestBus;
import io.agentopia.toolbox.testing.Told;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/**
 * Nothing looks by itself here, the periods are an hour: what happens is woken by the commit that
 * made it due, or comes at the time that is known beforehand.
 */
@QuarkusTest
@TestProfile(DueWorkTest.WithoutPeriods.class)
@QuarkusTestResource(EmbeddedStackResource.class)
class DueWorkTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern TOKEN = Pattern.compile("DTMA_JOIN_TOKEN=(\\S+)");
  private static final int FLEET = 400;
  private static final String STATE = "{\"dropletId\": 1}";
  private static final String LOST = "{\"dropletId\": 1, \"lost\": true}";
  private final TestBus bus = TestBus.get();

  @Inject InMemoryCloud cloud;
  @Inject Pool pool;
  @Inject DataSource database;

  public static class WithoutPeriods implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "provisioner.work-every", "1H",
          "provisioner.watch-every", "1H",
          "provisioner.watch-busy", "1H",
          "provisioner.watch-idle", "1H",
          "provisioner.watch-empty", "1H",
          "provisioner.lease", "5M", // longer than what hangs is looked at
          "quarkus.datasource.reactive.max-size", "4"); // one waits for a lock that a test holds
    }
  }

  /** Deleting takes two rounds a second apart: the second comes at a time that is known. */
  @Test
  void aRequestIsWokenByItsCommitAndWhatIsDueLaterByItsTime() {
    var id = requested();
    awaitEvent(id, DropletCreated.class);
    bus.publish(Told.toolboxDeletionRequested(new Subject(id, "acct", 0, 0), false, null));
    awaitEvent(id, ToolboxDeleted.class);
  }

  /** The connection that tells of due work is lost: once there is another, somebody looks. */
  @Test
  void whatNobodyHeardOfIsFoundWhenListeningBeginsAnew() {
    var heard = requested();
    awaitEvent(heard, DropletCreated.class);
    run("alter table account_tool_environments disable trigger account_tool_environments_due");
    var unheard = requested();
    await().atMost(PATIENCE).until(() -> isKnown(unheard));
    run("alter table account_tool_environments enable trigger account_tool_environments_due");
    var ended =
        get(
            pool.query(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                        + " where query = 'LISTEN \"work_due\"' and datname = current_database()")
                .execute());
    assertThat(ended.rowCount()).isEqualTo(1);
    awaitEvent(unheard, DropletCreated.class);
  }

  @Test
  void callsThatHangHoldUpNobody() {
    cloud.hangNextCreates(20);
    var hung = Stream.generate(this::requested).limit(20).toList();
    await()
        .atMost(PATIENCE)
        .until(() -> hung.stream().allMatch(id -> cloud.attempts(dropletName(id)) == 1));
    var others = Stream.generate(this::requested).limit(20).toList();
    await().atMost(PATIENCE).until(() -> others.stream().allMatch(this::hasDroplet));
    assertThat(hung)
        .noneMatch(this::hasDroplet)
        .allMatch(id -> cloud.attempts(dropletName(id)) == 1);
  }

  @Test
  void anAgentThatJoinsIsReasonToLookForItsAddressAtOnce() {
    var id = requested();
    awaitEvent(id, DropletCreated.class);
    join(id);
    awaitEvent(id, DropletReady.class);
  }

  /** A row that another transaction changes at the same time is decided anew, alone. */
  @Test
  void oneConflictEndsNoLook() throws SQLException {
    var contested = requested();
    var other = requested();
    awaitEvent(contested, DropletCreated.class);
    awaitEvent(other, DropletCreated.class);
    try (var connection = database.getConnection();
        var update =
            connection.prepareStatement(
                "update account_tool_environments set version = version + 1 where id = ?")) {
      connection.setAutoCommit(false);
      update.setObject(1, contested);
      update.executeUpdate();
      join(other);
      awaitEvent(other, DropletReady.class);
      assertThat(status(contested)).isEqualTo("provisioning");
      connection.commit();
    }
    await().atMost(PATIENCE).until(() -> "awaiting_heartbeat".equals(status(contested)));
  }

  /** Whether a look is due is asked for without reading the fleet. */
  @Test
  void whileNoLookIsDueNoToolboxIsRead() {
    var id = requested();
    awaitEvent(id, DropletCreated.class);
    copies(id, FLEET, 900_000, "Active", STATE);
    try {
      var before = counts();
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                wakeTheWatch();
                return counts().asked() >= before.asked() + 10;
              });
      assertThat(counts().rows() - before.rows()).isLessThan(FLEET);
    } finally {
      run("delete from account_tool_environments where account_id = 'copies'");
    }
  }

  /**
   * Droplets that are gone are found out a few after each look, one look soon after the other; what
   * is known to be lost is not asked about at all.
   */
  @Test
  void aboutMissingDropletsTheCloudIsAskedAFewAfterEachLook() {
    var id = requested();
    awaitEvent(id, DropletCreated.class);
    copies(id, 25, 700_000, "Active", STATE);
    copies(id, 5, 800_000, "Unresponsive", LOST);
    try {
      join(id);
      awaitEvent(id, DropletReady.class);
      var second = requested();
      awaitEvent(second, DropletCreated.class);
      join(second);
      await()
          .atMost(PATIENCE)
          .until(() -> cloud.asked().keySet().stream().filter(d -> d / 1000 == 700).count() == 25);
      assertThat(cloud.mostAsksAfterOneList()).isLessThanOrEqualTo(10);
      assertThat(cloud.asked().keySet()).noneMatch(d -> d / 1000 == 800);
    } finally {
      run("delete from account_tool_environments where account_id = 'copies'");
    }
  }

  /** As after a crash: what the other one led is taken up when its lease ends, not before. */
  @Test
  void aLookThatAnotherInstanceWouldTakeWaitsForItsLease() {
    var id = requested();
    awaitEvent(id, DropletCreated.class);
    run(
        "update leases set holder = 'another', expires_at = now() + interval '3 seconds', done_at = now()"
            + " where name = 'fleet-watch'");
    var lease = lease();
    join(id);
    awaitEvent(id, DropletReady.class);
    assertThat(lease().getString("holder")).isNotEqualTo("another");
    assertThat(lease().getOffsetDateTime("done_at"))
        .isAfterOrEqualTo(lease.getOffsetDateTime("expires_at"));
  }

  private Row lease() {
    return get(pool.query(
                "select holder, expires_at, done_at from leases where name = 'fleet-watch'")
            .execute())
        .iterator()
        .next();
  }

  private record Counts(long asked, long rows) {}

  /** PostgreSQL's own: it tells of a connection's statements up to some seconds later. */
  private Counts counts() {
    var row =
        get(pool.query(
                    "select (select coalesce(idx_scan, 0) from pg_stat_user_indexes where indexrelname ="
                        + " 'account_tool_environments_booting') as asked, coalesce(seq_tup_read, 0)"
                        + " + coalesce(idx_tup_fetch, 0) as rows from pg_stat_user_tables"
                        + " where relname = 'account_tool_environments'")
                .execute())
            .iterator()
            .next();
    return new Counts(row.getLong("asked"), row.getLong("rows"));
  }

  private void wakeTheWatch() {
    run("select pg_notify('work_due', 'fleet-watch')");
  }

  /** Toolboxes with a droplet and nothing to do. */
  private void copies(UUID id, int count, long firstDroplet, String stateType, String state) {
    run(
        "insert into account_tool_environments (id, account_id, name, region, size, status, generation, sequence,"
            + " droplet_id, ipv4, state_type, state, version, created_at, updated_at)"
            + " select gen_random_uuid(), 'copies', 'copy-' || d, region, size, 'active', 1, 1, d, '203.0.113.1',"
            + " '%s', '%s', 0, now(), now() from account_tool_environments, generate_series(%d, %d) d where id = '%s'"
                .formatted(stateType, state, firstDroplet, firstDroplet + count - 1, id));
    run("analyze account_tool_environments");
  }

  private void run(String sql) {
    get(pool.query(sql).execute());
  }

  private boolean isKnown(UUID id) {
    return get(pool.preparedQuery("select 1 from account_tool_environments where id = $1")
            .execute(Tuple.of(id)))
        .iterator()
        .hasNext();
  }

  private String status(UUID id) {
    return get(pool.preparedQuery("select status from account_tool_environments where id = $1")
            .execute(Tuple.of(id)))
        .iterator()
        .next()
        .getString("status");
  }

  private UUID requested() {
    var id = UUID.randomUUID();
    bus.publish(
        Told.toolboxRequested(new Subject(id, "acct", 0, 0), "t-" + id, "nyc3", "s-1vcpu-1gb"));
    return id;
  }

  private void join(UUID id) {
    var token = TOKEN.matcher(cloud.userDataOf(dropletName(id)));
    assertThat(token.find()).isTrue();
    given()
        .header("Authorization", "Bearer internal-test-key")
        .contentType("application/json")
        .body(Map.of("joinToken", token.group(1), "nonce", "a".repeat(64), "agentVersion", "0.1.0"))
        .post("/internal/agents/join")
        .then()
        .statusCode(200);
  }

  private static String dropletName(UUID id) {
    return "toolbox-" + id + "-g1";
  }

  private <E extends Event> List<E> events(UUID id, Class<E> type) {
    return bus.events(Topics.TOOLBOX_LIFECYCLE, id, type);
  }

  private boolean hasDroplet(UUID id) {
    return !cloud.live(Tags.of(id)).isEmpty();
  }

  private void awaitEvent(UUID id, Class<? extends Event> type) {
    await().atMost(PATIENCE).until(() -> !events(id, type).isEmpty());
  }

  private static <T> T get(Uni<T> uni) {
    return uni.await().atMost(PATIENCE);
  }
}
