package io.agentopia.toolbox.health.rollout;

import java.time.Duration;

/**
 * How carefully a rollout goes.
 *
 * @param canaries so many try it first
 * @param bake how long a toolbox has to stay healthy with it
 * @param deadline longest time for one move, or one return
 * @param atOnce so many are under way at a time, those that bake included
 * @param maxFailures so many may fail after the canaries
 */
public record Settings(
    int canaries, Duration bake, Duration deadline, int atOnce, int maxFailures) {}
