package io.agentopia.toolbox.health.remediation;

/** What people are told: one sentence, and what to do next. */
public record Advice(String summary, String action) {}
