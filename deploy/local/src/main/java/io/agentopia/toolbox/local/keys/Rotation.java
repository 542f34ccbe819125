package io.agentopia.toolbox.local.keys;

import io.agentopia.toolbox.runtime.security.KeyRing.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts a new key into a ring.
 *
 * @param lead until the new key is used: every service has to have read it by then
 * @param overlap how long after that the old keys are still accepted
 */
public record Rotation(Duration lead, Duration overlap) {

  /**
   * @param secret of the new key, whose id is derived from it
   * @throws IllegalStateException the last rotation's key is not in use yet
   */
  public List<Key> of(List<Key> ring, Instant now, String secret) {
    ring.stream()
        .filter(key -> key.isWaiting(now))
        .findFirst()
        .ifPresent(
            key -> {
              throw new IllegalStateException(
                  "a rotation is under way: key %s is used from %s on; rotate again after that"
                      .formatted(key.id(), key.notBefore()));
            });
    var used = now.plus(lead);
    var rotated = new ArrayList<Key>();
    rotated.add(new Key(null, secret, used, null));
    ring.stream()
        .filter(key -> key.isAccepted(now))
        .map(key -> key.until(used.plus(overlap)))
        .forEach(rotated::add);
    return List.copyOf(rotated);
  }
}
