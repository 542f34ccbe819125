package io.agentopia.toolbox.gateway.audit;

import static java.time.ZoneOffset.UTC;

import io.agentopia.toolbox.runtime.http.Cursor;
import io.agentopia.toolbox.runtime.http.Slice;
import io.agentopia.toolbox.runtime.sql.Rows;
import io.agentopia.toolbox.runtime.work.Drivers;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * The audit of refused credentials, one row for the same refusals of one hour. It is written a
 * moment later and in one go: a flood of refusals costs the database one statement a second. A
 * toolbox that is only claimed, by a credential that proves nothing, is kept where there is one of
 * that id.
 */
@ApplicationScoped
public class RefusedCredentials {
  private static final Logger LOG = Logger.getLogger(RefusedCredentials.class);
  private static final int MOST_AT_ONCE = 200;
  private static final int MOST_AN_HOUR = 1000;
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final String ADD =
      """
      insert into refused_credentials
        (hour, credential, reason, toolbox_id, generation, remote_address, count, first_at, last_at)
      select $1::timestamptz, $2::text, $3::text, claimed.id, case when claimed.id is null then null else $5::bigint end,
             $6::text, $7::bigint, $8::timestamptz, $9::timestamptz
        from (select case when $3::text not in ('signature', 'unreadable', 'foreign')
                            or exists (select 1 from toolbox_view v where v.id = $4::uuid)
                          then $4::uuid end as id) claimed
      on conflict (hour, credential, reason, toolbox_id, generation, remote_address) do update
        set count = refused_credentials.count + excluded.count, last_at = excluded.last_at""";

  private static final String PAGE =
      """
      select id, credential, reason, toolbox_id, generation, remote_address, count, first_at, last_at
        from refused_credentials
       where ($1::uuid is null or toolbox_id = $1) and ($2::text is null or credential = $2)
         and last_at >= $3 and (last_at, id) < ($4, $5)
       order by last_at desc, id desc limit $6""";

  private final Pool pool;
  private final Clock clock;
  private final Tally tally = new Tally(MOST_AT_ONCE, MOST_AN_HOUR);

  @Inject
  public RefusedCredentials(Pool pool, Clock clock) {
    this.pool = pool;
    this.clock = clock;
  }

  public void add(Refusal refusal) {
    tally.add(refusal, clock.instant());
  }

  /** An API key that is none, or was revoked: shown to the API or at the sign-in form. */
  public void addUnknownKey(HttpServerRequest request) {
    add(new Refusal("api_key", "unknown", null, null, address(request)));
  }

  /** Where a request comes from; null where its connection is gone. */
  public static String address(HttpServerRequest request) {
    var address = request.remoteAddress();
    return address == null ? null : address.hostAddress();
  }

  /**
   * One that came again while a list is read page by page is at its beginning then.
   *
   * @param toolboxId null: of all
   * @param credential null: of every kind
   */
  public Uni<Slice<Refusal.Counted>> latest(
      UUID toolboxId, String credential, Instant since, Cursor<Long> after, int limit) {
    var values =
        Tuple.of(toolboxId, credential, since.atOffset(UTC), after.at().atOffset(UTC), after.key())
            .addValue(limit + 1);
    return pool.preparedQuery(PAGE)
        .execute(values)
        .map(rows -> Slice.of(Rows.all(rows, row -> row), limit, RefusedCredentials::cursor))
        .map(page -> page.map(RefusedCredentials::read));
  }

  private static Cursor<Long> cursor(Row row) {
    return new Cursor<>(Rows.instant(row, "last_at"), row.getLong("id"));
  }

  void start(@Observes StartupEvent event, Drivers drivers) {
    drivers.everyBlocking("refused-credentials", EVERY, this::write);
  }

  private void write() {
    var refusals = tally.take();
    if (refusals.isEmpty()) {
      return;
    }
    refusals.forEach(RefusedCredentials::log);
    try {
      var rows = refusals.stream().map(RefusedCredentials::row).toList();
      pool.preparedQuery(ADD).executeBatch(rows).await().atMost(PATIENCE);
    } catch (RuntimeException e) {
      LOG.errorf(
          "refused credentials not written, the log above has them: kinds=%d cause=%s",
          refusals.size(), e.toString());
    }
  }

  void stop(@Observes ShutdownEvent event) {
    write();
  }

  private static void log(Refusal.Counted c) {
    LOG.infof(
        "credential refused: credential=%s reason=%s toolboxId=%s generation=%s remoteAddress=%s count=%d",
        c.credential(), c.reason(), c.toolboxId(), c.generation(), c.remoteAddress(), c.count());
  }

  private static Tuple row(Refusal.Counted c) {
    return Tuple.tuple()
        .addValue(c.firstAt().truncatedTo(ChronoUnit.HOURS).atOffset(UTC))
        .addValue(c.credential())
        .addValue(c.reason())
        .addValue(c.toolboxId())
        .addValue(c.generation())
        .addValue(c.remoteAddress())
        .addValue(c.count())
        .addValue(c.firstAt().atOffset(UTC))
        .addValue(c.lastAt().atOffset(UTC));
  }

  private static Refusal.Counted read(Row row) {
    return new Refusal.Counted(
        row.getString("credential"),
        row.getString("reason"),
        row.getUUID("toolbox_id"),
        row.getLong("generation"),
        row.getString("remote_address"),
        row.getLong("count"),
        Rows.instant(row, "first_at"),
        Rows.instant(row, "last_at"));
  }
}
