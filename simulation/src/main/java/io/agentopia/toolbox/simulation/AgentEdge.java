package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.agent.backend.Answer;
import io.agentopia.toolbox.agent.backend.ControlPlane;
import io.agentopia.toolbox.agent.backend.Wire;
import io.agentopia.toolbox.agent.identity.Identity;
import io.agentopia.toolbox.agent.json.Json;
import io.agentopia.toolbox.agent.reconcile.ToolView;
import io.agentopia.toolbox.agent.tools.Manifest;
import io.agentopia.toolbox.agent.upgrade.WantedImage;
import io.agentopia.toolbox.events.AgentEvent.AgentHeartbeat;
import io.agentopia.toolbox.events.AgentEvent.AgentReport;
import io.agentopia.toolbox.events.AgentEvent.AgentUpgrade;
import io.agentopia.toolbox.events.AgentEvent.ToolState;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.UpgradeOutcome;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The agents' edge of the gateway as one agent calls it, and the way there: it is away at times,
 * answers come late or not at all though the call was carried out.
 */
final class AgentEdge implements ControlPlane {
  private static final int HEARTBEAT_SECONDS = 10;
  private static final ToolboxState.Agent ME = new ToolboxState.Agent("1", 30_000);

  private final World world;
  private final DropletAgent agent;
  private final int toolbox;
  private final List<Manifest> told = new ArrayList<>();
  private Manifest newest;
  private long lastBeat = Long.MIN_VALUE;

  AgentEdge(World world, DropletAgent agent) {
    this.world = world;
    this.agent = agent;
    this.toolbox = agent.machine().toolbox;
  }

  @Override
  public Answer<Identity> join(String joinToken, Wire.JoinRequest request) {
    var process = world.provisioner.anyInstance();
    if (process == null || !agent.isConnected()) {
      return away();
    }
    if (!agent.admitted) {
      var isStale = new boolean[1];
      process.run(() -> isStale[0] = !world.provisioner.join(process, agent, ME));
      if (isStale[0]) {
        return new Answer.Unauthorized<>("the token is of a droplet that was replaced");
      }
    }
    return agent.admitted && !world.chance.fault(3) ? new Answer.Ok<>(identity()) : away();
  }

  private Identity identity() {
    return new Identity(
        agent.toolboxId(),
        agent.accountId(),
        agent.machine().generation,
        "token",
        Instant.MAX,
        "key",
        null,
        HEARTBEAT_SECONDS);
  }

  @Override
  public Answer<Wire.HeartbeatReply> heartbeat(String agentToken, Wire.Heartbeat heartbeat) {
    if (!agent.isConnected()) {
      return away();
    }
    lastBeat = world.agenda.now();
    var heard = event(heartbeat);
    world.agenda.in(
        world.chance.fault(1) ? world.chance.between(1_000, 40_000) : world.chance.between(5, 80),
        () -> world.health.hear(toolbox, heard));
    var generation = agent.machine().generation;
    var image = world.agentImages.askedOf(toolbox, generation, agent.image());
    world.invariants.imageAsked(agent.machine().id, image);
    return new Answer.Ok<>(
        new Wire.HeartbeatReply(
            world.gateway.generation(toolbox),
            0,
            null,
            null,
            null,
            null,
            image == null ? null : new WantedImage(image.version(), List.of(image.reference())),
            null));
  }

  @Override
  public Answer<Wire.Credentials> renew(String agentToken, Wire.Renewal renewal) {
    return away();
  }

  /** An answer that takes its time is an old one when it comes; some come out of a cache. */
  @Override
  public Answer<Manifest> manifest(String agentToken) {
    if (!agent.isConnected()) {
      return away();
    }
    agent.spend(
        world.chance.fault(4) ? world.chance.between(1_000, 15_000) : world.chance.between(5, 200));
    if (!told.isEmpty() && world.chance.fault(4)) {
      return new Answer.Ok<>(told.get(world.chance.below(told.size())));
    }
    var read = world.gateway.read(toolbox, agent.toolboxId());
    if (newest != null && newest.generation() == read.generation()) {
      return new Answer.Ok<>(newest);
    }
    var manifest = Json.MAPPER.convertValue(read, Manifest.class);
    told.add(manifest);
    newest = newest == null || newest.generation() < manifest.generation() ? manifest : newest;
    return new Answer.Ok<>(manifest);
  }

  /** The newest manifest that this droplet's agent was told, or null. */
  Manifest newest() {
    return newest;
  }

  boolean hasSpokenSince(long when) {
    return lastBeat >= when;
  }

  @Override
  public Answer<Void> report(String agentToken, Wire.Report report) {
    if (!agent.isConnected()) {
      return away();
    }
    agent.spend(world.chance.between(5, 300));
    world.publishReport(agent, event(report));
    return world.chance.fault(3) ? away() : new Answer.Ok<>(null);
  }

  private AgentHeartbeat event(Wire.Heartbeat told) {
    var upgrade = told.self().upgrade();
    return new AgentHeartbeat(
        subject(told.sequence()),
        told.self().agentVersion(),
        told.self().bootId(),
        told.self().uptimeSeconds(),
        told.appliedManifestGeneration(),
        told.engine().dockerReachable(),
        told.engine().dockerVersion(),
        told.engine().dockerStore(),
        null,
        List.of(),
        told.self().agentImage(),
        upgrade == null
            ? null
            : new AgentUpgrade(
                upgrade.image(), new UpgradeOutcome(upgrade.outcome().wire()), upgrade.reason()),
        List.of());
  }

  private Subject subject(long sequence) {
    return new Subject(agent.toolboxId(), agent.accountId(), agent.machine().generation, sequence);
  }

  private AgentReport event(Wire.Report told) {
    return new AgentReport(
        subject(0),
        told.appliedManifestGeneration(),
        told.observedAt(),
        told.tools().stream().map(AgentEdge::state).toList());
  }

  private static ToolState state(ToolView v) {
    return new ToolState(
        v.toolInstanceId(),
        v.name(),
        v.status().wire(),
        v.image(),
        v.containerId(),
        v.startedAt(),
        v.exitCode(),
        v.restartCount(),
        v.revision(),
        v.restarts(),
        List.of(),
        v.errorCode() == null ? null : v.errorCode().wire(),
        v.message(),
        v.logTail());
  }

  private static <T> Answer<T> away() {
    return new Answer.Unavailable<>("nobody answers", null);
  }
}
