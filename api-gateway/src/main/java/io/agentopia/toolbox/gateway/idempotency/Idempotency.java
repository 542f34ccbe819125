package io.agentopia.toolbox.gateway.idempotency;

import io.agentopia.toolbox.events.Characters;
import io.agentopia.toolbox.events.Rules;
import io.agentopia.toolbox.runtime.http.Problem;
import io.agentopia.toolbox.runtime.security.Secrets;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The same request with the same Idempotency-Key creates once. Works in the transaction that
 * creates.
 */
@ApplicationScoped
public class Idempotency {
  private static final Duration KEPT = Duration.ofHours(24);
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
    return forgetOld()
        .flatMap(x -> insert(accountId, request, key, hash, newId))
        .flatMap(
            rows ->
                rows == 1
                    ? Uni.createFrom().item(Optional.empty())
                    : earlier(accountId, request, key, hash));
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

  private Uni<Integer> forgetOld() {
    return Panache.getSession()
        .flatMap(
            s ->
                s.createNativeQuery("delete from idempotency_keys where created_at < :before")
                    .setParameter("before", clock.instant().minus(KEPT))
                    .executeUpdate());
  }

  private Uni<Integer> insert(
      String accountId, String request, String key, String hash, UUID newId) {
    return Panache.getSession()
        .flatMap(
            s ->
                s.createNativeQuery(
                        "insert into idempotency_keys (account_id, request, key, body_hash, created_id, created_at)"
                            + " values (:account, :request, :key, :hash, :id, :now) on conflict do nothing")
                    .setParameter("account", accountId)
                    .setParameter("request", request)
                    .setParameter("key", key)
                    .setParameter("hash", hash)
                    .setParameter("id", newId)
                    .setParameter("now", clock.instant())
                    .executeUpdate());
  }

  private Uni<Optional<UUID>> earlier(String accountId, String request, String key, String hash) {
    return Panache.getSession()
        .flatMap(
            s ->
                s.createNativeQuery(
                        "select body_hash, cast(created_id as text) from idempotency_keys where account_id = :account and request = :request and key = :key",
                        Object[].class)
                    .setParameter("account", accountId)
                    .setParameter("request", request)
                    .setParameter("key", key)
                    .getSingleResult())
        .map(
            row -> {
              if (!hash.equals(row[0])) {
                throw Problem.of(
                        422,
                        "idempotency_key_reused",
                        "Idempotency-Key used for another request",
                        "The key came with another body before.",
                        "Use a new key for a new request.")
                    .exception();
              }
              return Optional.of(UUID.fromString((String) row[1]));
            });
  }
}
