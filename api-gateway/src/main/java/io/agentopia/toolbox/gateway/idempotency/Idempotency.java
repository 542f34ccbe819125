package io.agentopia.toolbox.gateway.idempotency;

import static java.time.ZoneOffset.UTC;

import io.agentopia.toolbox.events.Characters;
import io.agentopia.toolbox.events.Rules;
import io.agentopia.toolbox.runtime.http.Problem;
import io.agentopia.toolbox.runtime.security.Secrets;
import io.agentopia.toolbox.runtime.sql.SessionSql;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * The same request with the same Idempotency-Key creates once. Works in the transaction that
 * creates.
 */
@ApplicationScoped
public class Idempotency {
  /** How long a key is remembered. */
  public static final Duration KEPT = Duration.ofHours(24);

  /** One whose time is over is as good as none. */
  private static final String CLAIM =
      "insert into idempotency_keys as k (account_id, request, key, body_hash, created_id, created_at)"
          + " values ($1, $2, $3, $4, $5, $6) on conflict (account_id, request, key) do update"
          + " set body_hash = excluded.body_hash, created_id = excluded.created_id,"
          + " created_at = excluded.created_at where k.created_at < $7";

  private static final String EARLIER =
      "select body_hash, created_id from idempotency_keys"
          + " where account_id = $1 and request = $2 and key = $3";

  private static final int LONGEST = 128;
  private final Clock clock;

  @Inject
  public Idempotency(Clock clock) {
    this.clock = clock;
  }

  /**
   * @param request method and path
   * @param key null: nothing is remembered
   * @param body the same text for equal requests, by whichever instance it is made
   * @param newId what will be created
   * @return what an earlier such request created; empty when this one shall create
   */
  public Uni<Optional<UUID>> claim(
      String accountId, String request, String key, String body, UUID newId) {
    if (key == null) {
      return Uni.createFrom().item(Optional.empty());
    }
    check(key);
    var hash = Secrets.hash(body);
    var now = clock.instant();
    return Panache.getSession()
        .flatMap(
            session ->
                SessionSql.update(
                        session,
                        CLAIM,
                        accountId,
                        request,
                        key,
                        hash,
                        newId,
                        now.atOffset(UTC),
                        now.minus(KEPT).atOffset(UTC))
                    .flatMap(
                        rows ->
                            rows == 1
                                ? Uni.createFrom().item(Optional.empty())
                                : earlier(session, accountId, request, key, hash)));
  }

  private static void check(String key) {
    if (key.isBlank() || key.length() > LONGEST || Characters.wrongInLine(key) != null) {
      throw Problem.invalid(
              "The Idempotency-Key cannot be used.",
              List.of(
                  new Rules.Violation(
                      "Idempotency-Key",
                      "must be 1 to " + LONGEST + " characters, none of them a control character")))
          .exception();
    }
  }

  private static Uni<Optional<UUID>> earlier(
      Mutiny.Session session, String accountId, String request, String key, String hash) {
    return SessionSql.select(session, EARLIER, accountId, request, key)
        .map(
            rows -> {
              var row = rows.getFirst();
              if (!hash.equals(row[0])) {
                throw Problem.of(
                        422,
                        "idempotency_key_reused",
                        "Idempotency-Key used for another request",
                        "The key came with another body before.",
                        "Use a new key for a new request.")
                    .exception();
              }
              return Optional.of((UUID) row[1]);
            });
  }
}
