package io.agentopia.toolbox.gateway;

/**
 * What an account may have and a key may do, so that nobody's neighbours pay for him.
 *
 * @param toolboxes of the account that are not deleted
 * @param requestsPerMinute with one key, at each instance of the gateway; as many may come at once
 * @param streams of events open at a time with one key, at each instance of the gateway
 */
public record Quota(int toolboxes, int requestsPerMinute, int streams) {}
