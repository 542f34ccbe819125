package io.agentopia.toolbox.health.verdict;

import java.time.Duration;

/**
 * @param silence longest time without a heartbeat
 * @param dockerLost longest time Docker may be unreachable
 * @param diskPercent fullest the disk may be, 0 to 100
 */
public record Thresholds(Duration silence, Duration dockerLost, double diskPercent) {}
