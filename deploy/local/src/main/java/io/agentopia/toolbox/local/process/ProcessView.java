package io.agentopia.toolbox.local.process;

import java.time.Instant;

/**
 * One process as the supervisor sees it.
 *
 * @param pid 0 when there is none
 * @param startedAt when the process now running was started
 * @param readyAt when it was ready; null: not yet
 * @param restarts how often it was started again because it had ended
 * @param lastExit exit code of its last ending (128 + signal when killed); null: it never ended
 */
public record ProcessView(
    String name,
    ProcessState state,
    long pid,
    int port,
    Instant startedAt,
    Instant readyAt,
    int restarts,
    Integer lastExit) {}
