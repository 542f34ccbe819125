package io.agentopia.toolbox.gateway.toolbox;

import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.gateway.GatewayConfig;
import io.agentopia.toolbox.gateway.view.ToolboxView;
import io.agentopia.toolbox.runtime.http.Problem;
import io.agentopia.toolbox.runtime.sql.SessionSql;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/** Whether an account has room for one more toolbox: its quota, and the names that are taken. */
@ApplicationScoped
public class AccountRoom {
  /** By which the provisioner refuses a request; it keeps nothing of such a toolbox. */
  private static final Set<String> NEVER_ACCEPTED = Set.of("name_taken", "invalid_request");

  /**
   * Of rows of toolbox_view: which of them count. Those that were never accepted do not, and their
   * names are free.
   */
  public static final String COUNTS =
      "status <> '%s' and not (status = '%s' and error_code in ('%s'))"
          .formatted(
              ToolboxStatus.DEPROVISIONED.wire(),
              ToolboxStatus.ERROR_PROVISIONING.wire(),
              String.join("', '", new TreeSet<>(NEVER_ACCEPTED)));

  /** Whoever has it next sees what the one before has made. */
  private static final String LOCK =
      "select cast(pg_advisory_xact_lock(hashtextextended($1, 0)) as text)";

  /** More requests than these are never on their way for one account at the same time. */
  private static final int AT_ONCE = 256;

  private static final String FOUND =
      "select (select toolboxes from account_quotas where account_id = $1), count(*),"
          + " (array_agg(id) filter (where name = $2))[1] from toolbox_view where account_id = $1 and "
          + COUNTS;

  private final GatewayConfig config;

  @Inject
  public AccountRoom(GatewayConfig config) {
    this.config = config;
  }

  /** What an account has, and may have. */
  private record Found(long there, int most, UUID ofThatName) {}

  static boolean wasNeverAccepted(ToolboxView view) {
    return view.status.equals(ToolboxStatus.ERROR_PROVISIONING.wire())
        && NEVER_ACCEPTED.contains(Objects.requireNonNullElse(view.errorCode, ""));
  }

  /**
   * Within the transaction that makes the toolbox. Requests for one name come one after the other,
   * and so do all of an account that is near its quota.
   */
  Uni<Void> refuseIfThereIsNone(Mutiny.Session session, String accountId, String name) {
    return lock(session, accountId + "/" + name)
        .flatMap(x -> find(session, accountId, name))
        .flatMap(
            found ->
                found.there() + AT_ONCE < found.most()
                    ? Uni.createFrom().item(found)
                    : lock(session, accountId).flatMap(x -> find(session, accountId, name)))
        .invoke(
            found -> {
              if (found.ofThatName() != null) {
                throw nameTaken(name, found.ofThatName()).exception();
              }
              if (found.there() >= found.most()) {
                throw tooMany(found).exception();
              }
            })
        .replaceWithVoid();
  }

  private static Uni<?> lock(Mutiny.Session session, String key) {
    return SessionSql.select(session, LOCK, key);
  }

  private Uni<Found> find(Mutiny.Session session, String accountId, String name) {
    return SessionSql.select(session, FOUND, accountId, name)
        .map(List::getFirst)
        .map(
            row ->
                new Found(
                    (Long) row[1],
                    config.quotas().with((Integer) row[0], null, null).toolboxes(),
                    (UUID) row[2]));
  }

  private static Problem nameTaken(String name, UUID other) {
    return Problem.of(
        409,
        "name_taken",
        "Name taken",
        "Toolbox " + other + " of this account has the name '" + name + "' already.",
        "Choose another name, or delete that toolbox first.");
  }

  private static Problem tooMany(Found found) {
    return Problem.of(
        409,
        "too_many_toolboxes",
        "The account has all the toolboxes it can have",
        "The account has %d toolboxes; at most %d are allowed. Nothing was requested."
            .formatted(found.there(), found.most()),
        "Delete a toolbox first, or ask an operator to allow more.");
  }
}
