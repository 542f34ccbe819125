package io.agentopia.toolbox.simulator.account;

import java.util.List;

/**
 * What the account has besides droplets.
 *
 * @param lastId the highest number given to a droplet or an action: no number comes twice, and a
 *     number tells by itself what is newer
 * @param tags in the order of their making, each with the spelling that made it
 */
public record Account(long lastId, List<String> tags, List<Firewall> firewalls) {

  /**
   * @param firstId best drawn by lot: simulators that share an engine must not share numbers
   */
  public static Account empty(long firstId) {
    return new Account(firstId, List.of(), List.of());
  }

  public Account withLastId(long id) {
    return new Account(id, tags, firewalls);
  }

  public Account withTags(List<String> newTags) {
    return new Account(lastId, List.copyOf(newTags), firewalls);
  }

  public Account withFirewalls(List<Firewall> newFirewalls) {
    return new Account(lastId, tags, List.copyOf(newFirewalls));
  }

  /** Tags are compared without case; the first spelling is the one that counts. */
  public String canonical(String tag) {
    return tags.stream().filter(t -> t.equalsIgnoreCase(tag)).findFirst().orElse(tag);
  }

  public boolean hasTag(String tag) {
    return tags.contains(tag);
  }
}
