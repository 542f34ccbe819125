package io.agentopia.toolbox.deployer.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.UUID;

/** A row of {@code account_tool_instances}; {@link ToolRows} turns it into a state and back. */
@Entity
@Table(name = "account_tool_instances")
public class ToolRow {
  @Id UUID id;

  @Column(name = "toolbox_id")
  UUID toolboxId;

  @Column(name = "account_id")
  String accountId;

  String name;
  String image;
  String spec;
  String status;
  String standing;
  String desired;
  long revision;
  long restarts;

  @Column(name = "wish_sequence")
  long wishSequence;

  @Column(name = "asked_in")
  long askedIn;

  @Column(name = "container_id")
  String containerId;

  @Column(name = "error_code")
  String errorCode;

  @Column(name = "error_message")
  String errorMessage;

  @Column(name = "error_action")
  String errorAction;

  @Column(name = "log_tail")
  String logTail;

  @Column(name = "deadline_at")
  Instant deadlineAt;

  @Version long version;

  @Column(name = "created_at")
  Instant createdAt;

  @Column(name = "updated_at")
  Instant updatedAt;
}
