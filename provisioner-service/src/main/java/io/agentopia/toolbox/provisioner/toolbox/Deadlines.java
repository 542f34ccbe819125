package io.agentopia.toolbox.provisioner.toolbox;

import java.time.Duration;

/**
 * How long each wait may take.
 *
 * @param create until the cloud has accepted a droplet
 * @param boot from then until the droplet has an address
 * @param join from then until its agent is healthy
 * @param remove until the cloud has deleted it
 * @param listingLag how long a new droplet can be missing from the cloud's list
 */
public record Deadlines(
    Duration create, Duration boot, Duration join, Duration remove, Duration listingLag) {}
