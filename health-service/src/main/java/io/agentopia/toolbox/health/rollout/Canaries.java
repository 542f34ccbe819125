package io.agentopia.toolbox.health.rollout;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Which toolboxes try an image first: one of an account, so that nobody proves or refuses an image
 * for everybody, and drawn by chance, so that nobody can arrange to be one. Pure but for the chance
 * it is handed.
 */
public final class Canaries {
  private Canaries() {}

  public record Candidate(UUID toolboxId, String accountId) {}

  /**
   * @param most so many
   * @param first accounts whose toolboxes are taken before others: the platform's own
   */
  public static List<UUID> draw(
      Collection<Candidate> candidates, int most, Set<String> first, RandomGenerator chance) {
    var byAccount = new HashMap<String, List<UUID>>();
    candidates.forEach(
        c ->
            byAccount
                .computeIfAbsent(c.accountId(), account -> new ArrayList<>())
                .add(c.toolboxId()));
    var accounts = new ArrayList<>(byAccount.keySet());
    Collections.sort(accounts); // so that the chance alone decides
    Collections.shuffle(accounts, java.util.Random.from(chance));
    var own = new HashSet<>(first);
    accounts.sort((a, b) -> Boolean.compare(own.contains(b), own.contains(a)));
    return accounts.stream()
        .limit(Math.max(0, most))
        .map(byAccount::get)
        .map(toolboxes -> toolboxes.get(chance.nextInt(toolboxes.size())))
        .toList();
  }
}
