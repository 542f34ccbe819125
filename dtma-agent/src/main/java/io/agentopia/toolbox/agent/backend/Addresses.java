package io.agentopia.toolbox.agent.backend;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Where the control plane is called: at the addresses that it told last, in their order, and behind
 * them at those of the boot. The first is called; while it does not answer, the next; and from time
 * to time the first again. So a control plane can move: it tells the new address while it is still
 * reached at the old one, and a wrong new one strands nobody.
 */
public final class Addresses {
  static final Duration FIRST_AGAIN = Duration.ofMinutes(5);
  private static final int MOST = 5;
  private static final int LONGEST = 200;

  private final List<URI> ofBoot;
  private final Supplier<List<String>> told;
  private final InstantSource clock;
  private List<URI> known = List.of();
  private int turn;
  private Instant turnedAt = Instant.EPOCH;

  /**
   * @param ofBoot at least one
   * @param told what the control plane told last, {@link #fit} before it was kept
   */
  public Addresses(List<URI> ofBoot, Supplier<List<String>> told, InstantSource clock) {
    this.ofBoot = List.copyOf(ofBoot);
    this.told = told;
    this.clock = clock;
  }

  /** Without a slash at its end. */
  synchronized String current() {
    var all = new ArrayList<URI>();
    told.get().forEach(address -> add(all, URI.create(address)));
    ofBoot.forEach(address -> add(all, address));
    var isTimeForTheFirst = !clock.instant().isBefore(turnedAt.plus(FIRST_AGAIN));
    if (!all.equals(known) || isTimeForTheFirst) {
      known = List.copyOf(all);
      turn = 0;
    }
    return text(known.get(turn));
  }

  /** No answer there, or none of ours. */
  synchronized void failed(String used) {
    if (!known.isEmpty() && text(known.get(turn)).equals(used)) {
      turn = (turn + 1) % known.size();
      turnedAt = clock.instant();
    }
  }

  /** Those of what was told that are addresses, the first few. */
  static List<String> fit(List<String> told) {
    return told.stream().filter(Addresses::isFit).distinct().limit(MOST).toList();
  }

  private static boolean isFit(String text) {
    if (text == null || text.length() > LONGEST) {
      return false;
    }
    try {
      var address = new URI(text);
      return ("https".equals(address.getScheme()) || "http".equals(address.getScheme()))
          && address.getHost() != null
          && address.getUserInfo() == null
          && address.getQuery() == null
          && address.getFragment() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static void add(List<URI> all, URI address) {
    if (all.stream().noneMatch(known -> text(known).equals(text(address)))) {
      all.add(address);
    }
  }

  private static String text(URI address) {
    return address.toString().replaceFirst("/+$", "");
  }
}
