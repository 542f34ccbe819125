package io.agentopia.toolbox.gateway;

import io.agentopia.toolbox.gateway.idempotency.Idempotency;
import io.agentopia.toolbox.runtime.retention.Retention;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;

/** What the gateway forgets, and when. */
@ApplicationScoped
public class Retentions {
  private static final String GONE =
      "(select id from toolbox_view where status = 'deprovisioned' and updated_at < $1)";

  private static final Duration RETRIES_SHOWN = Duration.ofHours(1);

  @Produces
  @Singleton
  Retention handledLetters(GatewayConfig config) {
    return new Retention(
        "dead letters that were replayed or discarded",
        config.deadLetterRetention(),
        "delete from dead_letters where id in (select id from dead_letters where state <> 'new' and"
            + " publish_at is null and coalesce(discarded_at, replayed_at) < $1 limit $2)");
  }

  /** A request repeated later than this is a new one. */
  @Produces
  @Singleton
  Retention idempotencyKeys() {
    return new Retention(
        "keys of repeated requests",
        Idempotency.KEPT,
        "delete from idempotency_keys where ctid in (select ctid from idempotency_keys where"
            + " created_at < $1 limit $2)");
  }

  /** Only shown, and only until their time has come. */
  @Produces
  @Singleton
  Retention retries() {
    return new Retention(
        "retries whose time is over",
        RETRIES_SHOWN,
        "delete from event_retries where (service, event_id) in (select service, event_id from"
            + " event_retries where next_at < $1 limit $2)");
  }

  @Produces
  @Singleton
  Retention refusedCredentials(GatewayConfig config) {
    return new Retention(
        "refused credentials",
        config.credentialAuditRetention(),
        "delete from refused_credentials where id in (select id from refused_credentials where"
            + " last_at < $1 limit $2)");
  }

  /** Nobody looked at them for so long: nobody will. */
  @Produces
  @Singleton
  Retention lettersNobodyHandled(GatewayConfig config) {
    return new Retention(
        "dead letters nobody handled",
        config.unhandledLetterRetention(),
        "delete from dead_letters where id in (select id from dead_letters where state = 'new' and"
            + " received_at < $1 limit $2)",
        "delete from dead_letter_audit where id in (select a.id from dead_letter_audit a where"
            + " a.at < $1 and not exists (select 1 from dead_letters l where l.id = a.letter_id)"
            + " limit $2)");
  }

  @Produces
  @Singleton
  Retention deletedToolboxes(GatewayConfig config) {
    return new Retention(
        "deleted toolboxes",
        config.deletedToolboxRetention(),
        "delete from toolbox_timeline where id in (select id from toolbox_timeline where toolbox_id in "
            + GONE
            + " limit $2)",
        "delete from toolbox_manifest where toolbox_id in (select toolbox_id from toolbox_manifest"
            + " where toolbox_id in "
            + GONE
            + " limit $2)",
        "delete from tool_view where id in (select id from tool_view where toolbox_id in "
            + GONE
            + " limit $2)",
        "delete from toolbox_view v where id in (select id from toolbox_view where status ="
            + " 'deprovisioned' and updated_at < $1 limit $2) and not exists (select 1 from"
            + " toolbox_timeline t where t.toolbox_id = v.id) and not exists (select 1 from tool_view t"
            + " where t.toolbox_id = v.id) and not exists (select 1 from toolbox_manifest m where"
            + " m.toolbox_id = v.id)");
  }
}
