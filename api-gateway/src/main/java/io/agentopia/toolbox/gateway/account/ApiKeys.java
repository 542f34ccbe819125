package io.agentopia.toolbox.gateway.account;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.agentopia.toolbox.events.Rules;
import io.agentopia.toolbox.gateway.GatewayConfig;
import io.agentopia.toolbox.gateway.Quota;
import io.agentopia.toolbox.runtime.security.Secrets;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** API keys at rest (hashed), and who stands behind one. */
@ApplicationScoped
public class ApiKeys {
  private static final Duration REMEMBERED = Duration.ofSeconds(5);
  private static final int MOST_REMEMBERED = 10_000;
  private static final String FIND =
      "select k.account_id, k.role, q.toolboxes, q.requests_per_minute, q.streams from api_keys k"
          + " left join account_quotas q on q.account_id = k.account_id"
          + " where k.hash = $1 and k.revoked_at is null";
  private static final String ADD =
      "insert into api_keys (hash, account_id, role, label, created_at) values ($1, $2, $3, 'bootstrap', $4)"
          + " on conflict (hash) do update set account_id = excluded.account_id, role = excluded.role";

  private final Pool pool;
  private final GatewayConfig config;
  private final Clock clock;
  private final Map<String, Remembered> remembered =
      Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).<String, Remembered>build().asMap();

  private record Remembered(Caller caller, Quota quota, Instant until) {}

  @Inject
  public ApiKeys(Pool pool, GatewayConfig config, Clock clock) {
    this.pool = pool;
    this.config = config;
    this.clock = clock;
  }

  void start(@Observes @Priority(50) StartupEvent event) {
    config.bootstrapApiKeys().orElse(List.of()).forEach(this::add);
  }

  private void add(String entry) {
    var parts = entry.split(":", 3);
    if (parts.length != 3
        || !Rules.ACCOUNT.matcher(parts[0]).matches()
        || !parts[1].matches("user|operator")
        || parts[2].length() < 16) {
      throw new IllegalStateException(
          "TOOLBOX_BOOTSTRAP_API_KEYS: each entry must be account:role:key with role user or operator and a key of at least 16 characters");
    }
    var row =
        Tuple.of(
            Secrets.hash(parts[2]), parts[0], parts[1], clock.instant().atOffset(ZoneOffset.UTC));
    pool.preparedQuery(ADD).execute(row).await().atMost(Duration.ofSeconds(10));
  }

  /** A revoked key is refused after 5 s at the latest. */
  public Uni<Optional<Caller>> find(String key) {
    return findByHash(hash(key));
  }

  /** By which a key is known here, and a session knows its key. */
  public static String hash(String key) {
    return Secrets.hash(key);
  }

  /** As {@link #find}, for who was admitted by that key before. */
  public Uni<Optional<Caller>> findByHash(String hash) {
    var known = remembered.get(hash);
    if (known != null && clock.instant().isBefore(known.until())) {
      return Uni.createFrom().item(Optional.of(known.caller()));
    }
    return pool.preparedQuery(FIND)
        .execute(Tuple.of(hash))
        .map(
            rows -> {
              if (!rows.iterator().hasNext()) {
                remembered.remove(hash);
                return Optional.empty();
              }
              var row = rows.iterator().next();
              var caller =
                  new Caller(
                      row.getString(0),
                      Caller.Role.valueOf(row.getString(1).toUpperCase(Locale.ROOT)));
              remember(
                  hash,
                  caller,
                  config.quotas().with(row.getInteger(2), row.getInteger(3), row.getInteger(4)));
              return Optional.of(caller);
            });
  }

  /** What the account of a key that was found a moment ago is allowed. */
  Quota quota(String hash) {
    var known = remembered.get(hash);
    return known != null ? known.quota() : config.quotas().with(null, null, null);
  }

  private void remember(String hash, Caller caller, Quota quota) {
    remembered.put(hash, new Remembered(caller, quota, clock.instant().plus(REMEMBERED)));
  }
}
