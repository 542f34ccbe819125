package io.agentopia.toolbox.gateway.view;

import io.agentopia.toolbox.events.ImageDigest;
import io.agentopia.toolbox.events.ToolboxRequest.ToolboxRequested;
import io.agentopia.toolbox.events.ToolboxStatus;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;

/** What is shown of a toolbox: made of the services' events by {@link ToolboxFold}. */
@Entity
@Table(name = "toolbox_view")
@DynamicUpdate // heartbeats note the agent's image beside Hibernate, and must not be undone
public class ToolboxView {
  @Id public UUID id;

  @Column(name = "account_id")
  public String accountId;

  public String name;
  public String region;
  public String size;
  public String status;

  @Column(name = "status_detail")
  public String statusDetail;

  public long generation = 1;

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

  @Column(name = "health_status")
  public String healthStatus;

  @Column(name = "health_reason")
  public String healthReason;

  @Column(name = "health_message")
  public String healthMessage;

  @Column(name = "health_since")
  public Instant healthSince;

  @Column(name = "delay_attempt")
  public Integer delayAttempt;

  @Column(name = "delay_next_at")
  public Instant delayNextAt;

  @Column(name = "delay_gives_up_at")
  public Instant delayGivesUpAt;

  @Column(name = "delay_code")
  public String delayCode;

  @Column(name = "delay_message")
  public String delayMessage;

  /** What the agent's heartbeats say it is. */
  @Column(name = "agent_version")
  public String agentVersion;

  @Column(name = "agent_image")
  public String agentImage;

  /** The address its agent called last, where it shall call another one; else null. */
  @Column(name = "agent_calls")
  public String agentCalls;

  @Column(name = "wanted_agent_version")
  public String wantedAgentVersion;

  /** Of the last event that said so. */
  @Column(name = "wanted_agent_sequence")
  public long wantedAgentSequence;

  /** References by digest, one a line, in the order in which they are tried. */
  @Column(name = "wanted_agent_images")
  public String wantedAgentImages;

  @Column(name = "manifest_generation")
  public long manifestGeneration;

  @Column(name = "lifecycle_sequence")
  public long lifecycleSequence;

  /** Of the last boot stage; their topic and the lifecycle's overtake each other. */
  @Column(name = "boot_sequence")
  public long bootSequence;

  @Column(name = "health_sequence")
  public long healthSequence;

  /** Of the last request this gateway published about it. */
  @Column(name = "request_sequence")
  public long requestSequence;

  @Version public long version;

  @Column(name = "created_at")
  public Instant createdAt;

  @Column(name = "updated_at")
  public Instant updatedAt;

  /** A row for what was heard of first at that time. */
  public static ToolboxView of(UUID id, String accountId, Instant at) {
    var view = new ToolboxView();
    view.id = id;
    view.accountId = accountId;
    view.createdAt = at;
    view.updatedAt = at;
    return view;
  }

  /** What was asked for through this gateway. */
  public static ToolboxView asked(ToolboxRequested request, Instant at) {
    var view = of(request.toolboxId(), request.accountId(), at);
    view.named(ToolboxStatus.PENDING_PROVISION, request.name(), request.region(), request.size());
    view.requestSequence = request.sequence();
    return view;
  }

  public void named(ToolboxStatus inStatus, String itsName, String itsRegion, String itsSize) {
    status = inStatus.wire();
    name = itsName;
    region = itsRegion;
    size = itsSize;
  }

  public List<String> wantedAgentImages() {
    return wantedAgentImages == null ? List.of() : wantedAgentImages.lines().toList();
  }

  /**
   * @param runs the image that the agent runs from, or null
   */
  public boolean isAnotherImageWanted(String runs) {
    var wanted = wantedAgentImages();
    return !wanted.isEmpty()
        && !Objects.equals(ImageDigest.of(wanted.getFirst()), ImageDigest.of(runs));
  }
}
