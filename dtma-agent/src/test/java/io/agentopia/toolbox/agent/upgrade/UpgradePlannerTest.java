package io.agentopia.toolbox.agent.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.agent.identity.ImageHistory;
import io.agentopia.toolbox.agent.tools.PinnedImage;
import io.agentopia.toolbox.agent.upgrade.UpgradePlanner.Move;
import io.agentopia.toolbox.agent.upgrade.UpgradePlanner.Refuse;
import io.agentopia.toolbox.agent.upgrade.UpgradePlanner.Stay;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class UpgradePlannerTest {
  private static final String OLD = "docker.io/agentopia/dtma@sha256:" + "4a".repeat(32);
  private static final String NEW = "docker.io/agentopia/dtma@sha256:" + "7c".repeat(32);
  private static final String NEW_ELSEWHERE = "ghcr.io/agentopia/dtma@sha256:" + "7c".repeat(32);
  private static final String THIRD = "docker.io/agentopia/dtma@sha256:" + "9d".repeat(32);

  @Test
  void nothing_wanted_is_nothing_to_do() {
    assertThat(decide(OLD, null, null)).isEqualTo(new Stay());
    assertThat(decide(null, null, NEW)).isEqualTo(new Stay());
  }

  @Test
  void the_image_that_runs_is_the_one_wanted_whatever_registry_it_is_named_in() {
    assertThat(decide(NEW, wanted(NEW), null)).isEqualTo(new Stay());
    assertThat(decide(NEW, wanted(NEW_ELSEWHERE), null)).isEqualTo(new Stay());
  }

  @Test
  void another_digest_is_moved_to_and_the_registries_keep_their_order() {
    assertThat(decide(OLD, wanted(NEW_ELSEWHERE, NEW), null))
        .isEqualTo(new Move(List.of(pinned(NEW_ELSEWHERE), pinned(NEW))));
  }

  @Test
  void what_failed_is_not_tried_again_and_another_is() {
    assertThat(decide(OLD, wanted(NEW), NEW)).isEqualTo(new Stay());
    assertThat(decide(OLD, wanted(NEW_ELSEWHERE), NEW)).isEqualTo(new Stay());
    assertThat(decide(OLD, wanted(THIRD), NEW)).isEqualTo(new Move(List.of(pinned(THIRD))));
  }

  @Test
  void the_way_back_is_open_whatever_failed() {
    assertThat(decide(NEW, wanted(OLD), THIRD)).isInstanceOf(Move.class);
  }

  @ParameterizedTest
  @NullAndEmptySource
  @ValueSource(
      strings = {
        "docker.io/agentopia/dtma:latest",
        "docker.io/agentopia/dtma@sha256:7c7c",
        "docker.io/agentopia/dtma@sha512:7c7c",
        "@sha256:7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c",
        "--privileged@sha256:7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c",
        "a b@sha256:7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c"
      })
  void one_reference_that_is_none_by_digest_spoils_the_wish(String evil) {
    var references = new ArrayList<>(List.of(NEW));
    references.add(evil);
    assertThat(UpgradePlanner.decide(pinned(OLD), new WantedImage("v2", references), null))
        .isInstanceOfSatisfying(
            Refuse.class,
            r -> {
              assertThat(r.why().image()).isEqualTo(NEW);
              assertThat(r.why().reason()).contains("not named by digest");
            });
  }

  @Test
  void references_to_different_images_are_refused() {
    assertThat(decide(OLD, wanted(NEW, THIRD), null))
        .isInstanceOfSatisfying(
            Refuse.class, r -> assertThat(r.why().reason()).contains("digests differ"));
  }

  @Test
  void a_wish_without_references_is_refused() {
    assertThat(decide(OLD, wanted(), null))
        .isInstanceOfSatisfying(
            Refuse.class, r -> assertThat(r.why().reason()).contains("no reference"));
    assertThat(UpgradePlanner.decide(pinned(OLD), new WantedImage(null, null), null))
        .isInstanceOf(Refuse.class);
  }

  @Test
  void an_agent_that_does_not_know_its_image_refuses_and_says_why() {
    assertThat(decide(null, wanted(NEW), null))
        .isInstanceOfSatisfying(
            Refuse.class, r -> assertThat(r.why().reason()).contains("DTMA_IMAGE"));
  }

  private static UpgradePlanner.Decision decide(String own, WantedImage wanted, String failed) {
    return UpgradePlanner.decide(
        own == null ? null : pinned(own),
        wanted,
        failed == null ? null : new ImageHistory.Failed(failed, "it did"));
  }

  private static WantedImage wanted(String... references) {
    return new WantedImage("v0.2.0", List.of(references));
  }

  private static PinnedImage pinned(String reference) {
    return PinnedImage.parse(reference).orElseThrow();
  }
}
