package io.agentopia.toolbox.runtime.security;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one purpose while they are exchanged: one is used, several are accepted. A new key is
 * accepted as soon as it stands in the ring and used only from its {@code notBefore} on, so that
 * every instance has read it by then; an old one is accepted until its {@code notAfter}.
 */
public record KeyRing(List<Key> keys) {
  /** Shorter secrets can be guessed; a derived key is no better than what it is derived from. */
  private static final int SHORTEST_SECRET = 16;

  private static final int ID_LENGTH = 8;

  /**
   * @param id tells keys apart in tokens, answers and lists; derived from the secret, which it does
   *     not tell
   * @param notBefore used from then on, accepted as soon as it stands in the ring; null: used at
   *     once
   * @param notAfter not accepted any more from then on; null: until it is rotated out
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Key(
      String id, String secret, @Nullable Instant notBefore, @Nullable Instant notAfter) {
    public Key {
      if (secret == null || secret.length() < SHORTEST_SECRET) {
        throw new IllegalArgumentException(
            "a key of the ring has fewer than " + SHORTEST_SECRET + " characters");
      }
      id = id == null || id.isBlank() ? idOf(secret) : id;
    }

    public boolean isAccepted(Instant now) {
      return notAfter == null || now.isBefore(notAfter);
    }

    /** Its time to be used has not come. */
    public boolean isWaiting(Instant now) {
      return notBefore != null && now.isBefore(notBefore);
    }

    boolean isUsed(Instant now) {
      return isAccepted(now) && !isWaiting(now);
    }

    /** The same, accepted no longer than until then. */
    public Key until(Instant end) {
      return isAccepted(end) ? new Key(id, secret, notBefore, end) : this;
    }

    public byte[] bytes() {
      return secret.getBytes(StandardCharsets.UTF_8);
    }

    /** Secrets stay out of logs. */
    @Override
    public String toString() {
      return "Key[id=" + id + ", notBefore=" + notBefore + ", notAfter=" + notAfter + "]";
    }
  }

  public KeyRing {
    keys = List.copyOf(keys);
    if (keys.stream().map(Key::id).distinct().count() < keys.size()) {
      throw new IllegalArgumentException(
          "two keys of the ring have one id: "
              + keys.stream().map(Key::id).collect(Collectors.joining(", ")));
    }
  }

  /** A ring of one key for good, as the environment gives it. */
  public static KeyRing of(String secret) {
    return new KeyRing(List.of(new Key(idOf(secret), secret, null, null)));
  }

  public static KeyRing empty() {
    return new KeyRing(List.of());
  }

  public boolean isEmpty() {
    return keys.isEmpty();
  }

  /** The key to sign with, and to call with: the youngest of those whose time has come. */
  public Key current(Instant now) {
    return accepted(now).stream()
        .filter(key -> key.isUsed(now))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "no key of the ring can be used now: " + keys + "; rotate the keys"));
  }

  /** Every key that is good now, the current one first, then the youngest. */
  public List<Key> accepted(Instant now) {
    var good = new ArrayList<>(keys.stream().filter(key -> key.isAccepted(now)).toList());
    good.sort(
        Comparator.comparing((Key key) -> !key.isUsed(now))
            .thenComparing(
                Comparator.comparing(
                    Key::notBefore, Comparator.nullsLast(Comparator.reverseOrder()))));
    return List.copyOf(good);
  }

  public Optional<Key> accepted(String id, Instant now) {
    return accepted(now).stream().filter(key -> key.id().equals(id)).findFirst();
  }

  /** The first 32 bits of a hash: enough to tell a handful of keys apart. */
  static String idOf(String secret) {
    return Secrets.hash("key-id|" + secret).substring(0, ID_LENGTH);
  }
}
