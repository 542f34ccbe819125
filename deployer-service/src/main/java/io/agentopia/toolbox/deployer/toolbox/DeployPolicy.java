package io.agentopia.toolbox.deployer.toolbox;

import io.agentopia.toolbox.deployer.tool.DecisionContext.Deadlines;
import java.time.Duration;

/**
 * The durations that decisions rest on.
 *
 * @param arrivalGrace how long after the deployer first heard of a toolbox a wish about an unknown
 *     tool instance may still be ahead of the deployment it speaks of
 */
public record DeployPolicy(Deadlines deadlines, Duration arrivalGrace) {}
