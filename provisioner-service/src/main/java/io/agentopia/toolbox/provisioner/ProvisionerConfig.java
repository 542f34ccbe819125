package io.agentopia.toolbox.provisioner;

import io.agentopia.toolbox.provisioner.bootstrap.UserData;
import io.agentopia.toolbox.provisioner.toolbox.Deadlines;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Settings of the provisioner. */
@ConfigMapping(prefix = "provisioner")
public interface ProvisionerConfig {
  /** The cloud that droplets are made in. */
  @WithDefault("digitalocean")
  String provider();

  /** DigitalOcean API token (environment: DIGITALOCEAN_TOKEN); needed where that is the cloud. */
  Optional<String> digitaloceanToken();

  /** Address at which droplets reach the API gateway (environment: DTMA_BACKEND_URL). */
  @NotBlank
  String backendUrl();

  /**
   * Where droplets pull the agent's image from; the first that answers is used (environment:
   * DTMA_DOCKER_IMAGE_URL).
   */
  @NotEmpty
  List<String> agentImages();

  /**
   * The tag that all droplets of this installation carry. Two installations that share a cloud
   * account need two: each takes droplets with its tag that it does not know for orphans.
   */
  @Pattern(regexp = "[a-zA-Z0-9_:-]{1,255}")
  String fleetTag();

  /**
   * Addresses or networks (CIDR) of the control plane: only they reach an agent's port; empty: any
   * address does (environment: DTMA_ALLOWED_FROM).
   */
  Optional<List<String>> agentFrom();

  /**
   * Addresses or networks (CIDR) that reach a droplet's SSH; empty: none (environment:
   * DROPLET_SSH_FROM).
   */
  Optional<List<String>> sshFrom();

  /** Slug of the droplets' operating system image. */
  String dropletImage();

  /** How long a droplet's single-use join token can be used. */
  Duration joinTokenValidity();

  /** How long a join token is kept after its end, for the words on why it is refused. */
  @WithDefault("168H")
  Duration joinTokenRetention();

  /** How long a deleted toolbox is kept; later than any letter about it can be replayed. */
  @WithDefault("2160H")
  Duration deletedToolboxRetention();

  /** Until the cloud has accepted a droplet. */
  Duration createDeadline();

  /** From then until the droplet has an address. */
  Duration bootDeadline();

  /** From then until its agent is healthy. */
  Duration joinDeadline();

  /** Until the cloud has deleted a droplet. */
  Duration removeDeadline();

  /** How long a new droplet can be missing from the cloud's list. */
  Duration listingLag();

  /**
   * How long a claimed step belongs to one instance; after a crash it is taken up again that much
   * later.
   */
  Duration lease();

  /** Steps that one instance runs at the same time; most of that is waiting for the cloud. */
  @Min(1)
  int stepsAtOnce();

  /**
   * How often due steps are looked for without being announced: what another instance left behind.
   */
  Duration workEvery();

  /** How often it is decided without being woken whether the cloud's list is to be read. */
  Duration watchEvery();

  /**
   * How old a droplet on its way is when the cloud's list is read for it first, a little less than
   * an agent needs to join; then each time its age has doubled, and at once when its agent has
   * joined.
   */
  Duration watchBusy();

  /** Between two lists lies so much at least, for each page of 200 droplets. */
  Duration watchApart();

  /** How often the cloud's list is read while none is. */
  Duration watchIdle();

  /**
   * How often the cloud's list is read while no toolbox has a droplet: only orphans can be there.
   */
  Duration watchEmpty();

  /** After one list the cloud is asked about so many missing droplets at most, one by one. */
  @Min(1)
  int watchConfirmations();

  /** How long a droplet without an owner stays in quarantine before it is deleted. */
  Duration orphanGrace();

  /**
   * So many orphans at a time are dealt with; with more the sweep stands still until an operator
   * allows it. Empty: 3, or a fifth of the fleet if that is more.
   */
  OptionalInt orphanLimit();

  CloudBudget cloudBudget();

  /** What the cloud allows one API token; all instances share it. */
  interface CloudBudget {
    /** Calls in any hour. */
    @Min(2)
    int perHour();

    /** Calls in any minute. */
    @Min(1)
    int perMinute();
  }

  default UserData.Settings userData() {
    return new UserData.Settings(
        backendUrl(), agentImages(), agentFrom().orElse(List.of()), sshFrom().orElse(List.of()));
  }

  Firewall firewall();

  /** The cloud's firewall before the fleet. */
  interface Firewall {
    /**
     * Addresses (CIDRs) from which the control plane calls agents; none: the firewall is not
     * managed. As {@link #agentFrom()} unless set apart.
     */
    Optional<List<String>> sources();

    /** From where SSH is let in; none: from nowhere. As {@link #sshFrom()} unless set apart. */
    Optional<List<String>> sshSources();

    /** The agents' inbound port. */
    int agentPort();

    /** How often it is compared with what it shall be. */
    Duration every();
  }

  default Deadlines deadlines() {
    return new Deadlines(
        createDeadline(), bootDeadline(), joinDeadline(), removeDeadline(), listingLag());
  }
}
