package io.agentopia.toolbox.gateway.manifest;

import static java.time.ZoneOffset.UTC;

import io.agentopia.toolbox.gateway.GatewayConfig;
import io.agentopia.toolbox.runtime.agent.AgentAddress;
import io.agentopia.toolbox.runtime.agent.AgentClient;
import io.agentopia.toolbox.runtime.work.Claimed;
import io.agentopia.toolbox.runtime.work.Driver;
import io.agentopia.toolbox.runtime.work.Drivers;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Tells agents to look at a manifest that changed. Which agents stands in the database, so a wake
 * never runs ahead of the commit it is about, and of several instances one sends it. It makes
 * things fast, never right: each is tried once, and the agent's next heartbeat brings what a lost
 * one would have. One that is not in touch is not called before it is: its address may be somebody
 * else's by now.
 */
@ApplicationScoped
public class AgentWaker {
  private static final Logger LOG = Logger.getLogger(AgentWaker.class);

  /** Where no commit says so: what an instance that died has left. */
  private static final Duration PERIOD = Duration.ofSeconds(30);

  /** After that its heartbeats have told it. */
  private static final Duration WORTH_IT = Duration.ofMinutes(1);

  private static final int AT_ONCE = 200;

  private static final String CLAIM =
      "update toolbox_manifest m set woken_generation = m.generation from"
          + " (select d.toolbox_id, v.generation, v.ipv4, v.agent_port from toolbox_manifest d"
          + " join toolbox_view v on v.id = d.toolbox_id where d.woken_generation < d.generation"
          + " and d.updated_at > $1 and v.health_status = 'healthy'"
          + " and v.status in ('awaiting_heartbeat', 'active') and v.ipv4 is not null and"
          + " v.agent_port is not null order by d.updated_at limit $2 for update of d skip locked) due"
          + " where m.toolbox_id = due.toolbox_id"
          + " returning due.toolbox_id, due.generation, due.ipv4, due.agent_port";

  private final Pool pool;
  private final Drivers drivers;
  private final AgentClient agents;
  private final GatewayConfig config;
  private final Clock clock;
  private Driver<AgentAddress> driver;

  @Inject
  public AgentWaker(
      Pool pool, Drivers drivers, AgentClient agents, GatewayConfig config, Clock clock) {
    this.pool = pool;
    this.drivers = drivers;
    this.agents = agents;
    this.config = config;
    this.clock = clock;
  }

  void start(@Observes StartupEvent event) {
    driver = drivers.start(new Driver.Settings("agents", PERIOD, AT_ONCE), this::claim, this::wake);
  }

  /** A manifest has changed, or an agent can be called again, and that is committed. */
  public void wake() {
    driver.wake();
  }

  private Uni<Claimed<AgentAddress>> claim(int most) {
    var since = clock.instant().minus(WORTH_IT).atOffset(UTC);
    return pool.preparedQuery(CLAIM)
        .execute(Tuple.of(since, most))
        .map(rows -> new Claimed<>(rows.stream().map(AgentWaker::address).toList(), null));
  }

  private static AgentAddress address(Row row) {
    return new AgentAddress(row.getUUID(0), row.getLong(1), row.getString(2), row.getInteger(3));
  }

  private Uni<Void> wake(AgentAddress agent) {
    return agents
        .post(agent, "/wake", config.wakeTimeout())
        .invoke(
            status -> LOG.debugf("agent woken: toolboxId=%s status=%d", agent.toolboxId(), status))
        .onFailure()
        .recoverWithItem(
            e -> {
              LOG.debugf(
                  "agent not woken, its next heartbeat tells it: toolboxId=%s cause=%s",
                  agent.toolboxId(), e.getMessage());
              return null;
            })
        .replaceWithVoid();
  }
}
