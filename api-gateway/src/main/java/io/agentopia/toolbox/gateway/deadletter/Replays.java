package io.agentopia.toolbox.gateway.deadletter;

import io.agentopia.toolbox.gateway.GatewayConfig;
import io.agentopia.toolbox.gateway.deadletter.ReplayReport.Line;
import io.agentopia.toolbox.runtime.http.Problem;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;

/** What operators do to dead letters: look what a replay would do, replay, discard. */
@ApplicationScoped
public class Replays {
  /** At once; more are replayed by asking again. */
  static final int MOST = 10_000;

  private static final int MOST_LINES = 200;

  @Inject LetterStore letters;
  @Inject DryRun dryRun;
  @Inject GatewayConfig config;

  /**
   * @param perSecond letters published at most, or null for the usual rate
   */
  public record Order(String by, String reason, Integer perSecond) {}

  public Uni<ReplayReport> replay(String id, Order order, boolean isDryRun) {
    return existing(id)
        .invoke(Replays::refuseIfDiscarded)
        .flatMap(
            letter ->
                isDryRun
                    ? preview(List.of(letter))
                    : schedule(List.of(refuseIfUnreadable(letter)), order));
  }

  public Uni<ReplayReport> replayAll(LetterFilter filter, Order order, boolean isDryRun) {
    return matching(filter).flatMap(found -> isDryRun ? preview(found) : schedule(found, order));
  }

  public Uni<Letter> discard(String id, Order order) {
    return existing(id)
        .flatMap(letter -> letters.discard(List.of(letter.id()), order.by(), order.reason()))
        .flatMap(x -> existing(id));
  }

  public Uni<ReplayReport> discardAll(LetterFilter filter, Order order) {
    return matching(filter)
        .flatMap(
            found ->
                letters
                    .discard(ids(found), order.by(), order.reason())
                    .map(n -> new ReplayReport(found.size(), 0, false, lines(found, "discarded"))));
  }

  Uni<Letter> existing(String id) {
    return letters
        .find(uuid(id))
        .map(
            found ->
                found.orElseThrow(
                    () ->
                        Problem.of(
                                404,
                                "not_found",
                                "Not found",
                                "There is no dead letter " + id + ".",
                                "List what there is with GET /v1/dead-letters.")
                            .exception()));
  }

  private Uni<List<Letter>> matching(LetterFilter filter) {
    return letters
        .matching(filter.withStateOr("new"), MOST)
        .invoke(
            found -> {
              if (found.isEmpty()) {
                throw Problem.of(
                        404,
                        "no_dead_letter_matches",
                        "Nothing to do",
                        "No dead letter matches " + filter.withStateOr("new") + ".",
                        "List what there is with GET /v1/dead-letters.")
                    .exception();
              }
            });
  }

  private Uni<ReplayReport> preview(List<Letter> found) {
    var shown = found.subList(0, Math.min(MOST_LINES, found.size()));
    return dryRun.preview(shown).map(lines -> new ReplayReport(found.size(), 0, true, lines));
  }

  private Uni<ReplayReport> schedule(List<Letter> found, Order order) {
    var isDiscardedOnly = found.stream().allMatch(l -> "discarded".equals(l.state()));
    if (isDiscardedOnly) {
      refuseIfDiscarded(found.getFirst());
    }
    var readable = found.stream().filter(l -> l.unreadable() == null).toList();
    var perSecond = order.perSecond() == null ? config.replaysPerSecond() : order.perSecond();
    return letters
        .replay(ids(readable), perSecond, order.by(), order.reason())
        .map(n -> new ReplayReport(found.size(), n, false, lines(found, "scheduled")));
  }

  private static List<Line> lines(List<Letter> found, String effect) {
    return found.stream()
        .limit(MOST_LINES)
        .map(
            l ->
                l.unreadable() == null
                    ? new Line(l.id(), effect, null)
                    : new Line(l.id(), "unreadable", l.unreadable()))
        .toList();
  }

  private static void refuseIfDiscarded(Letter letter) {
    if ("discarded".equals(letter.state())) {
      throw Problem.of(
              409,
              "discarded",
              "The letter was discarded",
              "Dead letter "
                  + letter.id()
                  + " was discarded at "
                  + letter.discardedAt()
                  + "; nothing was published.",
              "Look at its audit; ask for what is still wanted with a new request.")
          .exception();
    }
  }

  private static Letter refuseIfUnreadable(Letter letter) {
    if (letter.unreadable() != null) {
      throw Problem.of(
              422,
              "unreadable",
              "The letter cannot be read",
              "Dead letter "
                  + letter.id()
                  + " is no event that any release can handle: "
                  + letter.unreadable()
                  + ". Nothing was published.",
              "Have its writer publish a correct event, then discard the letter.")
          .exception();
    }
    return letter;
  }

  private static List<UUID> ids(List<Letter> found) {
    return found.stream().map(Letter::id).toList();
  }

  private static UUID uuid(String id) {
    try {
      return UUID.fromString(id);
    } catch (IllegalArgumentException e) {
      throw Problem.of(
              404,
              "not_found",
              "Not found",
              "'" + id + "' is no id of a dead letter.",
              "List what there is with GET /v1/dead-letters.")
          .exception();
    }
  }
}
