package io.agentopia.toolbox.health.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.health.rollout.Canaries.Candidate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class CanariesTest {
  private static final List<Candidate> FLEET = fleet(Map.of("big", 200, "a", 1, "b", 3, "own", 2));
  private static final Map<UUID, String> ACCOUNTS =
      FLEET.stream().collect(Collectors.toMap(Candidate::toolboxId, Candidate::accountId));

  @RepeatedTest(20)
  void noTwoAreOfOneAccountHoweverManyToolboxesItHas() {
    var drawn = Canaries.draw(FLEET, 3, Set.of(), new Random());
    assertThat(drawn).hasSize(3);
    assertThat(drawn.stream().map(ACCOUNTS::get)).doesNotHaveDuplicates();
  }

  @RepeatedTest(20)
  void thePlatformsOwnGoFirst() {
    assertThat(Canaries.draw(FLEET, 1, Set.of("own"), new Random()))
        .singleElement()
        .satisfies(id -> assertThat(ACCOUNTS.get(id)).isEqualTo("own"));
  }

  @Test
  void nobodyCanArrangeToBeOne() {
    var drawn = new HashSet<UUID>();
    var chance = new Random(1);
    for (var draw = 0; draw < 2_000; draw++) {
      drawn.addAll(Canaries.draw(FLEET, 1, Set.of(), chance));
    }
    assertThat(drawn.stream().map(ACCOUNTS::get)).contains("big", "a", "b", "own");
    assertThat(drawn).hasSizeGreaterThan(100);
  }

  @Test
  void fewerAccountsGiveFewerAndNoneGiveNone() {
    assertThat(Canaries.draw(FLEET, 50, Set.of(), new Random(1))).hasSize(4);
    assertThat(Canaries.draw(List.of(), 3, Set.of("own"), new Random(1))).isEmpty();
    assertThat(Canaries.draw(FLEET, -1, Set.of(), new Random(1))).isEmpty();
  }

  private static List<Candidate> fleet(Map<String, Integer> sizes) {
    var all = new ArrayList<Candidate>();
    sizes.forEach(
        (account, size) -> {
          for (var i = 0; i < size; i++) {
            all.add(new Candidate(UUID.randomUUID(), account));
          }
        });
    return all;
  }
}
