package io.agentopia.toolbox.provisioner.store;

import io.agentopia.toolbox.provisioner.toolbox.Toolbox;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.*;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.UUID;

/** The row of a toolbox. Written from the {@link Toolbox} as a whole, never field by field. */
@Entity
@Table(name = "account_tool_environments")
public class AccountToolEnvironment extends PanacheEntityBase {
  @Id public UUID id;

  @Column(name = "account_id")
  public String accountId;

  public String name;
  public String region;
  public String size;
  public String status;
  public long generation;
  public long sequence;

  @Column(name = "boot_sequence")
  public long bootSequence;

  @Column(name = "failed_boots")
  public int failedBoots;

  @Column(name = "droplet_id")
  public Long dropletId;

  public String ipv4;

  @Column(name = "agent_port")
  public Integer agentPort;

  @Column(name = "error_code")
  public String errorCode;

  @Column(name = "error_message")
  public String errorMessage;

  @Column(name = "error_action")
  public String errorAction;

  @Column(name = "state_type")
  public String stateType;

  public String state;

  @Column(name = "health_sequence")
  public long healthSequence;

  public String traceparent;

  @Column(name = "next_at")
  public Instant nextAt;

  @Version public long version;

  @Column(name = "created_at")
  public Instant createdAt;

  @Column(name = "updated_at")
  public Instant updatedAt;

  public static AccountToolEnvironment of(Toolbox toolbox, Instant nextAt, Instant now) {
    var row = new AccountToolEnvironment();
    row.id = toolbox.id();
    row.accountId = toolbox.accountId();
    row.name = toolbox.name();
    row.region = toolbox.region();
    row.size = toolbox.size();
    row.createdAt = toolbox.createdAt();
    row.write(toolbox, nextAt, now);
    return row;
  }

  public Toolbox toToolbox() {
    return new Toolbox(
        id,
        accountId,
        name,
        region,
        size,
        generation,
        new Toolbox.Told(sequence, bootSequence, healthSequence),
        failedBoots,
        traceparent,
        createdAt,
        StateCodec.read(stateType, state));
  }

  public void write(Toolbox toolbox, Instant nextAt, Instant now) {
    status = toolbox.status().wire();
    generation = toolbox.generation();
    sequence = toolbox.sequence();
    bootSequence = toolbox.bootSequence();
    healthSequence = toolbox.healthSequence();
    failedBoots = toolbox.failedBoots();
    traceparent = toolbox.traceparent();
    stateType = StateCodec.type(toolbox.state());
    state = StateCodec.write(toolbox.state());
    this.nextAt = nextAt;
    updatedAt = now;
    derive(toolbox.state());
  }

  private void derive(ToolboxState s) {
    switch (s) {
      case HasAddress a -> droplet(a.dropletId(), a.ipv4(), a.agent(), null);
      case Booting b -> droplet(b.dropletId(), null, b.agent(), null);
      case Removes r -> {
        var known = r.removal() == null ? null : r.removal().dropletId();
        droplet(known, null, null, r.trouble());
      }
      case PendingProvision _, Creating _ -> droplet(null, null, null, null);
    }
  }

  private void droplet(Long dropletId, String ipv4, Agent agent, Trouble trouble) {
    this.dropletId = dropletId;
    this.ipv4 = ipv4;
    agentPort = agent == null ? null : agent.port();
    errorCode = trouble == null ? null : trouble.code();
    errorMessage = trouble == null ? null : trouble.message();
    errorAction = trouble == null ? null : trouble.action();
  }
}
