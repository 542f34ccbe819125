package io.agentopia.toolbox.gateway.tool;

import io.agentopia.toolbox.events.ToolRequest.ToolDeployRequested;
import io.agentopia.toolbox.events.ToolStatus;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.UUID;

/** What is shown of a tool instance. */
@Entity
@Table(name = "tool_view")
public class ToolView {
  @Id public UUID id;

  @Column(name = "toolbox_id")
  public UUID toolboxId;

  @Column(name = "account_id")
  public String accountId;

  public String name;

  /** The wish as JSON. */
  public String spec;

  public String status;

  @Column(name = "container_id")
  public String containerId;

  @Column(name = "error_code")
  public String errorCode;

  @Column(name = "error_message")
  public String errorMessage;

  @Column(name = "error_action")
  public String errorAction;

  @Column(name = "log_tail")
  public String logTail;

  /** Of the deployer's last event about it. */
  public long sequence;

  @Version public long version;

  @Column(name = "created_at")
  public Instant createdAt;

  @Column(name = "updated_at")
  public Instant updatedAt;

  /** What was asked for through this gateway. */
  public static ToolView asked(ToolDeployRequested request, Instant at) {
    var view = new ToolView();
    view.id = request.toolInstanceId();
    view.toolboxId = request.toolboxId();
    view.accountId = request.accountId();
    view.name = request.name();
    view.spec = ToolDocument.write(request.spec());
    view.status = ToolStatus.PENDING.wire();
    view.createdAt = at;
    view.updatedAt = at;
    return view;
  }
}
