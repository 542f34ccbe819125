package io.agentopia.toolbox.deployer.wake;

import io.agentopia.toolbox.deployer.config.DeployerConfig;
import io.agentopia.toolbox.runtime.agent.AgentAddress;
import io.agentopia.toolbox.runtime.agent.AgentClient;
import io.agentopia.toolbox.runtime.security.AgentKeys;
import io.agentopia.toolbox.runtime.work.VertxContexts;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Tells agents to look at a manifest that changed. Which agents stands in the database, so a wake
 * never runs ahead of the commit it is about, and of several instances one sends it. It makes
 * things fast, never right: each is tried once, and the agent's next heartbeat brings what a lost
 * one would have. One that is not in touch is not called: its address may be somebody else's by
 * now.
 */
@ApplicationScoped
public class Waker {
  private static final Logger LOG = Logger.getLogger(Waker.class);

  private static final String CLAIM =
      """
      update toolboxes set woken_generation = manifest_generation
       where id in (select id from toolboxes where woken_generation < manifest_generation
                     order by id limit 200 for update skip locked)
      returning id, generation, case when healthy then ipv4 end, agent_port""";

  private final AgentClient agents;
  private final AgentKeys keys;
  private final VertxContexts contexts;
  private final DeployerConfig config;
  private final Set<String> expected = ConcurrentHashMap.newKeySet();

  @Inject
  public Waker(AgentClient agents, AgentKeys keys, VertxContexts contexts, DeployerConfig config) {
    this.agents = agents;
    this.keys = keys;
    this.contexts = contexts;
    this.config = config;
  }

  /** Without its keys the deployer does not start, rather than wake no agent. */
  void start(@Observes StartupEvent event) {
    keys.ids();
  }

  /** The transaction now running changes the toolbox's manifest. */
  public void expect(UUID toolboxId) {
    expected.add(toolboxId.toString());
  }

  /** A transaction about the toolbox has ended: its agent need not wait for the next sweep. */
  public void committed(String toolboxId) {
    if (toolboxId != null && expected.remove(toolboxId)) {
      contexts.run(this::wakeThoseDue);
    }
  }

  @Scheduled(every = "{deployer.sweep-interval}", concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> wakeThoseDue() {
    return Panache.withTransaction(this::claim)
        .invoke(claimed -> claimed.forEach(this::wake))
        .replaceWithVoid()
        .onFailure()
        .recoverWithItem(
            e -> {
              LOG.warnf("agents to be woken not looked for, tries again: cause=%s", e);
              return null;
            });
  }

  private Uni<List<Object[]>> claim() {
    return Panache.getSession()
        .flatMap(session -> session.createNativeQuery(CLAIM, Object[].class).getResultList());
  }

  private void wake(Object[] row) {
    var toolboxId = (UUID) row[0];
    expected.remove(toolboxId.toString());
    if (row[2] != null) {
      wake(
          new AgentAddress(
              toolboxId,
              ((Number) row[1]).longValue(),
              (String) row[2],
              ((Number) row[3]).intValue()));
    }
  }

  private void wake(AgentAddress agent) {
    agents
        .post(agent, "/wake", config.wakeTimeout())
        .subscribe()
        .with(
            status -> LOG.debugf("agent woken: toolboxId=%s status=%d", agent.toolboxId(), status),
            e ->
                LOG.debugf(
                    "agent not woken, its next heartbeat tells it: toolboxId=%s cause=%s",
                    agent.toolboxId(), e.getMessage()));
  }
}
