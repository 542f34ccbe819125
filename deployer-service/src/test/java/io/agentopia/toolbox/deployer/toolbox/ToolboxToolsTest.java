package io.agentopia.toolbox.deployer.toolbox;

import static io.agentopia.toolbox.deployer.Samples.spec;
import static io.agentopia.toolbox.deployer.Samples.tool;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.deployer.Samples;
import io.agentopia.toolbox.deployer.tool.DecisionContext.Deadlines;
import io.agentopia.toolbox.deployer.tool.ToolInstance;
import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.ManifestTool;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolLifecycle;
import io.agentopia.toolbox.events.ToolLifecycle.ToolDeployFailed;
import io.agentopia.toolbox.events.ToolLifecycle.ToolDeployStarted;
import io.agentopia.toolbox.events.ToolLifecycle.ToolDeployed;
import io.agentopia.toolbox.events.ToolLifecycle.ToolRemoved;
import io.agentopia.toolbox.events.ToolLifecycle.ToolStatusChanged;
import io.agentopia.toolbox.events.ToolRequest;
import io.agentopia.toolbox.events.ToolRequest.ToolDeployRequested;
import io.agentopia.toolbox.events.ToolRequest.ToolRestartRequested;
import io.agentopia.toolbox.events.ToolRequest.ToolStartRequested;
import io.agentopia.toolbox.events.ToolRequest.ToolStopRequested;
import io.agentopia.toolbox.events.ToolStatus;
import io.agentopia.toolbox.events.ToolboxManifestChanged;
import io.agentopia.toolbox.events.ToolboxStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole stories of one toolbox, decided without a framework. */
class ToolboxToolsTest {
  private static final DeployPolicy RULES =
      new DeployPolicy(
          new Deadlines(
              Duration.ofMinutes(30),
              Duration.ofMinutes(5),
              Duration.ofMinutes(5),
              Duration.ofMinutes(2),
              Duration.ofMinutes(5)),
          Duration.ofMinutes(15));
  private static final UUID SEARCH = UUID.fromString("0199a2b4-0000-7000-8000-0000000000a1");
  private static final UUID MAIL = UUID.fromString("0199a2b4-0000-7000-8000-0000000000a2");
  private static final String IMAGE = "docker.io/library/debian:bookworm-slim";

  private final Samples say = new Samples();
  private Instant now = Instant.parse("2026-11-23T15:00:00Z");
  private Toolbox toolbox = Toolbox.heardOf(say.toolbox, say.account, true, now);
  private final Map<UUID, ToolInstance> tools = new LinkedHashMap<>();
  private Optional<ToolboxManifestChanged> manifest = Optional.empty();
  private final List<ToolLifecycle> published = new ArrayList<>();

  @Test
  void anEarlyDeploymentWaitsForTheToolboxToBeHealthy() {
    hear(say.accepted());
    assertThat(hear(say.deploy(SEARCH, "search", spec(IMAGE))))
        .extracting(ToolLifecycle::status)
        .containsExactly(ToolStatus.PENDING);
    assertThat(manifest().tools()).isEmpty();
    var events = hear(say.healthy(1));
    assertThat(events).singleElement().isInstanceOf(ToolDeployStarted.class);
    assertThat(events.getFirst().manifestGeneration()).isEqualTo(1);
    assertThat(manifest().generation()).isEqualTo(1);
    assertThat(manifest().tools()).extracting(ManifestTool::name).containsExactly("search");
  }

  @Test
  void severalToolsThatWaitedMakeOneNewManifest() {
    hear(say.deploy(SEARCH, "search", spec(IMAGE)));
    hear(say.deploy(MAIL, "mail", spec(IMAGE)));
    assertThat(hear(say.healthy(1)))
        .hasSize(2)
        .allSatisfy(e -> assertThat(e.manifestGeneration()).isEqualTo(1));
  }

  @Test
  void everyEventHasTheNextNumberAndTheToolboxsDroplet() {
    running();
    hear(say.stop(SEARCH));
    assertThat(published).extracting(ToolLifecycle::sequence).containsExactly(1L, 2L, 3L);
    assertThat(published).extracting(ToolLifecycle::generation).containsOnly(1L);
  }

  @Test
  void theSameWishesAndReportsOnceMoreChangeNothing() {
    running();
    assertThat(hear(say.deploy(SEARCH, "search", spec(IMAGE)))).isEmpty();
    assertThat(hear(say.report(1, 1, tool(SEARCH, "running", "c1", 1, 0)))).isEmpty();
    assertThat(hear(say.healthy(1))).isEmpty();
    assertThat(toolbox.manifestGeneration()).isEqualTo(1);
  }

  /**
   * The later one came first: its turn was taken while the earlier one waited to be tried again.
   */
  @ParameterizedTest
  @CsvSource({
    "stop, start, running",
    "start, stop, stopped",
    "stop, restart, running",
    "restart, stop, stopped"
  })
  void aWishThatWasOvertakenChangesNothing(String earlier, String later, String desired) {
    running();
    hear(wish(later, 8));
    var manifest = toolbox.manifestGeneration();
    assertThat(ignored(wish(earlier, 7))).contains("overtaken");
    assertThat(toolbox.manifestGeneration()).isEqualTo(manifest);
    assertThat(tools.get(SEARCH).wanted().desired().wire()).isEqualTo(desired);
    hear(wish(earlier, 9));
    assertThat(tools.get(SEARCH).wanted().asked()).isEqualTo(9);
  }

  @Test
  void aChangedManifestIsToldWholeAndWithItsNumber() {
    hear(say.healthy(1));
    assertThat(manifest).isEmpty();
    hear(say.deploy(SEARCH, "search", spec(IMAGE)));
    hear(say.deploy(MAIL, "mail", spec(IMAGE)));
    assertThat(manifest.orElseThrow().manifestGeneration()).isEqualTo(2);
    assertThat(manifest.orElseThrow().tools())
        .extracting(ManifestTool::name)
        .containsExactly("search", "mail");
    hear(say.report(1, 2, tool(SEARCH, "running", "c1", 1, 0)));
    assertThat(manifest).as("a report changes nothing of what is wanted").isEmpty();
    hear(say.remove(SEARCH));
    assertThat(manifest.orElseThrow().tools())
        .extracting(ManifestTool::toolInstanceId)
        .containsExactly(MAIL);
    hear(say.deleted(1));
    assertThat(manifest.orElseThrow().tools()).isEmpty();
    assertThat(manifest.orElseThrow().manifestGeneration()).isEqualTo(4);
  }

  @Test
  void aToolboxHasFiftyToolsAndNoMore() {
    hear(say.healthy(1));
    for (var i = 0; i < 50; i++) {
      hear(say.deploy(UUID.randomUUID(), "t" + i, spec(IMAGE)));
    }
    assertThat(hear(say.deploy(SEARCH, "search", spec(IMAGE))))
        .singleElement()
        .isInstanceOfSatisfying(
            ToolDeployFailed.class, e -> assertThat(e.code()).isEqualTo("too_many_tools"));
    assertThat(manifest().tools()).hasSize(50);
  }

  @Test
  void wishesThatNobodyCountsAreTakenAsTheyCome() {
    running();
    hear(wish("stop", 8));
    hear(wish("start", 0));
    assertThat(tools.get(SEARCH).wanted().desired().wire()).isEqualTo("running");
    assertThat(tools.get(SEARCH).wanted().asked()).isEqualTo(8);
  }

  private ToolRequest wish(String what, long sequence) {
    return switch (what) {
      case "stop" ->
          new ToolStopRequested(new Subject(say.toolbox, say.account, 0, sequence), SEARCH);
      case "start" ->
          new ToolStartRequested(new Subject(say.toolbox, say.account, 0, sequence), SEARCH);
      default ->
          new ToolRestartRequested(new Subject(say.toolbox, say.account, 0, sequence), SEARCH);
    };
  }

  @Test
  void anotherSpecificationIsDeployedAsANewRevision() {
    running();
    assertThat(hear(say.deploy(SEARCH, "search", spec("nginx"))))
        .singleElement()
        .isInstanceOf(ToolDeployStarted.class);
    assertThat(manifest().tools())
        .singleElement()
        .satisfies(t -> assertThat(t.revision()).isEqualTo(2))
        .satisfies(t -> assertThat(t.spec().image()).isEqualTo("nginx"));
    assertThat(hear(say.report(1, 1, tool(SEARCH, "running", "c1", 1, 0)))).isEmpty();
    assertThat(hear(say.report(1, 2, tool(SEARCH, "running", "c2", 2, 0))))
        .singleElement()
        .isInstanceOf(ToolDeployed.class);
  }

  @Test
  void aNameInUseIsRefusedAndIsFreeAgainOnceItsHolderIsRemoved() {
    running();
    assertThat(hear(say.deploy(MAIL, "search", spec(IMAGE))))
        .singleElement()
        .isInstanceOfSatisfying(
            ToolDeployFailed.class,
            e -> {
              assertThat(e.code()).isEqualTo("name_taken");
              assertThat(e.message()).contains(SEARCH.toString());
              assertThat(e.status()).isEqualTo(ToolStatus.FAILED);
            });
    assertThat(manifest().tools()).hasSize(1);
    hear(say.remove(SEARCH));
    assertThat(hear(say.deploy(MAIL, "search", spec(IMAGE))))
        .singleElement()
        .isInstanceOf(ToolDeployStarted.class);
  }

  @Test
  void aSpecificationThatIsNotValidIsRefusedWithItsFieldsAndWhatRunsGoesOn() {
    running();
    assertThat(hear(say.deploy(SEARCH, "Not A Name", spec("bad image"))))
        .singleElement()
        .isInstanceOfSatisfying(
            ToolDeployFailed.class,
            e -> {
              assertThat(e.code()).isEqualTo("invalid_spec");
              assertThat(e.message()).contains("name ").contains("image ");
              assertThat(e.status()).isEqualTo(ToolStatus.RUNNING);
            });
    assertThat(manifest().tools()).singleElement().extracting("spec.image").isEqualTo(IMAGE);
  }

  @Test
  void nothingIsDeployedToAToolboxThatIsBeingDeleted() {
    hear(say.healthy(1));
    hear(say.status(1, ToolboxStatus.PENDING_DEPROVISION));
    assertThat(hear(say.deploy(SEARCH, "search", spec(IMAGE))))
        .singleElement()
        .extracting("code")
        .isEqualTo("toolbox_deleted");
  }

  @Test
  void aRemovalIsDoneWhenTheAgentHasSeenTheManifestWithoutTheTool() {
    running();
    assertThat(hear(say.remove(SEARCH)))
        .singleElement()
        .satisfies(e -> assertThat(e.status()).isEqualTo(ToolStatus.REMOVING));
    assertThat(manifest().tools()).isEmpty();
    assertThat(hear(say.report(1, 1))).isEmpty();
    assertThat(hear(say.report(1, 2, tool(SEARCH, "removing", "c1", 1, 0)))).isEmpty();
    assertThat(hear(say.report(1, 2))).singleElement().isInstanceOf(ToolRemoved.class);
  }

  @Test
  void aNewDropletGetsTheToolsOnceItIsHealthyAndTheOldOnesReportsAreIgnored() {
    running();
    assertThat(hear(say.replaced(2)))
        .singleElement()
        .satisfies(e -> assertThat(e.status()).isEqualTo(ToolStatus.PENDING))
        .satisfies(e -> assertThat(e.generation()).isEqualTo(2));
    assertThat(manifest().tools()).isEmpty();
    assertThat(ignored(say.report(1, 1, tool(SEARCH, "failed", "c1", 1, 0))))
        .contains("generation 1");
    assertThat(ignored(say.healthy(1))).contains("generation 1");
    assertThat(hear(say.healthy(2))).singleElement().isInstanceOf(ToolDeployStarted.class);
    assertThat(toolbox.manifestGeneration()).isEqualTo(3);
    assertThat(hear(say.report(2, 3, tool(SEARCH, "running", "n1", 1, 0))))
        .singleElement()
        .isInstanceOf(ToolDeployed.class);
  }

  @Test
  void whicheverTopicTellsFirstOfANewDropletTheToolsGoThere() {
    running();
    assertThat(hear(say.healthy(2)))
        .extracting(ToolLifecycle::status)
        .containsExactly(ToolStatus.PENDING, ToolStatus.DEPLOYING);
    assertThat(hear(say.replaced(2))).isEmpty();
    assertThat(toolbox.droplet().healthy()).isTrue();
    hear(say.ready(2, "203.0.113.20", 30000));
    assertThat(toolbox.droplet().healthy()).isTrue();
  }

  @Test
  void aDeletedToolboxLosesAllItsTools() {
    running();
    hear(say.degraded(1));
    hear(say.deploy(MAIL, "mail", spec(IMAGE)));
    assertThat(hear(say.deleted(1)))
        .hasSize(2)
        .allSatisfy(e -> assertThat(e).isInstanceOf(ToolRemoved.class));
    assertThat(manifest().tools()).isEmpty();
  }

  @Test
  void whileTheToolboxIsDegradedANewToolWaits() {
    hear(say.healthy(1));
    hear(say.degraded(1));
    hear(say.deploy(SEARCH, "search", spec(IMAGE)));
    assertThat(tools.get(SEARCH).status()).isEqualTo(ToolStatus.PENDING);
    hear(say.recovered(1));
    assertThat(tools.get(SEARCH).status()).isEqualTo(ToolStatus.DEPLOYING);
  }

  @Test
  void anOlderEventOfTheSameWriterChangesNothing() {
    var old = say.healthy(1);
    hear(say.degraded(1));
    assertThat(ignored(old)).contains("not newer");
    assertThat(toolbox.droplet().healthy()).isFalse();
  }

  /** The verdict is tried again after a failure, and an alert has passed by meanwhile. */
  @Test
  void anAlertMakesNoVerdictStaleThatIsStillOnItsWay() {
    hear(say.deploy(SEARCH, "search", spec(IMAGE)));
    var healthy = say.healthy(1);
    hear(say.resolved(1));
    assertThat(hear(healthy)).singleElement().isInstanceOf(ToolDeployStarted.class);
  }

  @Test
  void anOlderReportOfTheSameAgentChangesNothing() {
    running();
    var old = say.report(1, 1, tool(SEARCH, "failed", "c1", 1, 0));
    hear(say.report(1, 1, tool(SEARCH, "running", "c1", 1, 0)));
    assertThat(ignored(old)).contains("newer report");
  }

  @Test
  void aDeadlineThatHasPassedIsToldAndOneThatHasNotIsNot() {
    hear(say.deploy(SEARCH, "search", spec(IMAGE)));
    now = now.plus(Duration.ofMinutes(30)).minusMillis(1);
    assertThat(take(toolboxTools().deadlinesPassed(now, RULES))).isEmpty();
    now = now.plusMillis(1);
    assertThat(take(toolboxTools().deadlinesPassed(now, RULES)))
        .singleElement()
        .extracting("code")
        .isEqualTo("toolbox_not_ready");
  }

  @Test
  void anotherAccountsEventIsRefusedForGood() {
    var wish =
        new ToolDeployRequested(
            new Subject(say.toolbox, "somebody", 0, 0), SEARCH, "search", spec(IMAGE));
    var refused = refused(wish);
    assertThat(refused.forGood()).isTrue();
    assertThat(refused.code()).isEqualTo("wrong_account");
    assertThat(refused.message()).contains("somebody").doesNotContain(say.account);
  }

  @Test
  void anUnknownToolMayBeUnderWayForAWhileAndThenIsRefusedForGood() {
    now = now.plus(Duration.ofMinutes(15));
    assertThat(refused(say.stop(SEARCH)).forGood()).isFalse();
    now = now.plusMillis(1);
    assertThat(refused(say.stop(SEARCH)).forGood()).isTrue();
    assertThat(refused(say.remove(SEARCH)).message()).contains(SEARCH.toString());
  }

  @Test
  void aWishMeantForAnEarlierDropletIsRefused() {
    running();
    hear(say.replaced(2));
    var wish = new ToolStopRequested(new Subject(say.toolbox, say.account, 1, 0), SEARCH);
    assertThat(refused(wish).code()).isEqualTo("older_generation");
  }

  @Test
  void aToolStatusOfANewerAgentIsSkipped() {
    running();
    assertThat(hear(say.report(1, 1, tool(SEARCH, "hibernating", "c1", 1, 0)))).isEmpty();
    assertThat(tools.get(SEARCH).status()).isEqualTo(ToolStatus.RUNNING);
  }

  @Test
  void anAgentsFailureIsToldWithItsLastLines() {
    hear(say.healthy(1));
    hear(say.deploy(SEARCH, "search", spec(IMAGE)));
    assertThat(hear(say.report(1, 1, Samples.failed(SEARCH, 1, "exited", "exit 1", "boom"))))
        .singleElement()
        .isInstanceOfSatisfying(
            ToolDeployFailed.class,
            e -> {
              assertThat(e.code()).isEqualTo("exited");
              assertThat(e.logTail()).isEqualTo("boom");
              assertThat(e.action()).isNotBlank();
            });
    assertThat(hear(say.report(1, 1, tool(SEARCH, "running", "c1", 1, 0))))
        .singleElement()
        .isInstanceOf(ToolStatusChanged.class);
  }

  @Test
  void aWishThatIsAheadOfItsToolboxWaitsAndIsFulfilledOnceTheOwnerIsTold() {
    toolbox = Toolbox.heardOf(say.toolbox, say.account, false, now);
    assertThat(hear(say.deploy(SEARCH, "search", spec(IMAGE))))
        .extracting(ToolLifecycle::status)
        .containsExactly(ToolStatus.PENDING);
    assertThat(toolbox.ownerKnown()).isFalse();
    hear(say.accepted());
    assertThat(toolbox.ownerKnown()).isTrue();
    assertThat(hear(say.healthy(1))).singleElement().isInstanceOf(ToolDeployStarted.class);
  }

  @Test
  void aWishThatIsAheadOfAnotherAccountsToolboxFailsAndNothingIsDeployed() {
    toolbox = Toolbox.heardOf(say.toolbox, "somebody", false, now);
    hear(
        new ToolDeployRequested(
            new Subject(say.toolbox, "somebody", 0, 0), SEARCH, "search", spec(IMAGE)));
    assertThat(hear(say.ready(1, "203.0.113.7", 30000)))
        .singleElement()
        .isInstanceOfSatisfying(
            ToolDeployFailed.class,
            e -> {
              assertThat(e.code()).isEqualTo("wrong_account");
              assertThat(e.action()).isNotBlank();
              assertThat(e.message()).doesNotContain(say.account);
            });
    assertThat(toolbox.accountId()).isEqualTo(say.account);
    assertThat(hear(say.healthy(1))).isEmpty();
    assertThat(manifest().tools()).isEmpty();
    hear(say.deploy(MAIL, "search", spec(IMAGE)));
    assertThat(manifest().tools()).extracting(ManifestTool::toolInstanceId).containsExactly(MAIL);
    var late = new ToolStopRequested(new Subject(say.toolbox, "somebody", 0, 0), SEARCH);
    assertThat(refused(late).code()).isEqualTo("wrong_account");
  }

  /** The health service knows the owner from the provisioner. */
  @Test
  void aVerdictThatComesFirstTellsTheOwnerToo() {
    toolbox = Toolbox.heardOf(say.toolbox, "somebody", false, now);
    hear(
        new ToolDeployRequested(
            new Subject(say.toolbox, "somebody", 0, 0), SEARCH, "search", spec(IMAGE)));
    assertThat(hear(say.healthy(1))).singleElement().isInstanceOf(ToolDeployFailed.class);
    assertThat(manifest().tools()).isEmpty();
    assertThat(toolbox.accountId()).isEqualTo(say.account);
  }

  @Test
  void whileNobodyHasToldTheOwnerASecondAccountHasToWait() {
    toolbox = Toolbox.heardOf(say.toolbox, "somebody", false, now);
    var refused = refused(say.deploy(SEARCH, "search", spec(IMAGE)));
    assertThat(refused.forGood()).isFalse();
    assertThat(refused.code()).isEqualTo("owner_unknown");
    assertThat(refused(say.report(1, 1)).forGood()).isFalse();
    hear(say.accepted());
    assertThat(hear(say.deploy(SEARCH, "search", spec(IMAGE)))).hasSize(1);
  }

  @Test
  void aWishForAToolboxThatIsRejectedFailsAndOneMadeLaterUnderItsIdStillCounts() {
    toolbox = Toolbox.heardOf(say.toolbox, say.account, false, now);
    hear(say.deploy(SEARCH, "search", spec(IMAGE)));
    assertThat(hear(say.rejected(say.account)))
        .singleElement()
        .extracting("code")
        .isEqualTo("toolbox_rejected");
    assertThat(toolbox.ownerKnown()).isFalse();
    hear(say.deploy(MAIL, "mail", spec(IMAGE)));
    hear(say.accepted());
    hear(say.healthy(1));
    assertThat(manifest().tools()).extracting(ManifestTool::name).containsExactly("mail");
  }

  @Test
  void anotherAccountsRejectedRequestEndsNoWish() {
    toolbox = Toolbox.heardOf(say.toolbox, say.account, false, now);
    hear(say.deploy(SEARCH, "search", spec(IMAGE)));
    ignored(say.rejected("somebody"));
    assertThat(tools.get(SEARCH).status()).isEqualTo(ToolStatus.PENDING);
  }

  @Test
  void aToolboxThatNeverComesEndsTheWishAtItsDeadline() {
    toolbox = Toolbox.heardOf(say.toolbox, say.account, false, now);
    hear(say.deploy(SEARCH, "search", spec(IMAGE)));
    now = now.plus(Duration.ofMinutes(30));
    assertThat(take(toolboxTools().deadlinesPassed(now, RULES)))
        .singleElement()
        .extracting("code")
        .isEqualTo("toolbox_not_ready");
    assertThat(hear(say.rejected(say.account)))
        .singleElement()
        .extracting("code")
        .isEqualTo("toolbox_rejected");
  }

  /** Agents report what has changed, once. */
  @Test
  void aReportThatIsAheadOfItsToolboxCounts() {
    toolbox = Toolbox.heardOf(say.toolbox, say.account, false, now);
    var older = say.report(1, 0);
    hear(say.report(1, 0));
    assertThat(toolbox.droplet().generation()).isEqualTo(1);
    assertThat(ignored(older)).contains("newer report");
    hear(say.ready(1, "203.0.113.7", 30000));
    hear(say.healthy(1));
    assertThat(toolbox.droplet().healthy()).isTrue();
  }

  private void running() {
    hear(say.healthy(1));
    hear(say.deploy(SEARCH, "search", spec(IMAGE)));
    hear(say.report(1, 1, tool(SEARCH, "running", "c1", 1, 0)));
    assertThat(tools.get(SEARCH).status()).isEqualTo(ToolStatus.RUNNING);
  }

  private List<ToolLifecycle> hear(Event event) {
    return take(toolboxTools().decide(event, now, RULES));
  }

  private List<ToolLifecycle> take(Decision decision) {
    assertThat(decision).isInstanceOf(Decision.Decided.class);
    var decided = (Decision.Decided) decision;
    toolbox = decided.toolbox();
    tools.putAll(
        decided.tools().stream()
            .collect(Collectors.toMap(t -> t.wanted().toolInstanceId(), t -> t)));
    published.addAll(decided.events());
    manifest = decided.manifest();
    return decided.events();
  }

  private String ignored(Event event) {
    var decision = toolboxTools().decide(event, now, RULES);
    assertThat(decision).isInstanceOf(Decision.Ignored.class);
    return ((Decision.Ignored) decision).reason();
  }

  private Decision.Refused refused(Event event) {
    var decision = toolboxTools().decide(event, now, RULES);
    assertThat(decision).isInstanceOf(Decision.Refused.class);
    return (Decision.Refused) decision;
  }

  private ToolboxTools toolboxTools() {
    return new ToolboxTools(toolbox, List.copyOf(tools.values()));
  }

  private ToolboxManifestChanged manifest() {
    return toolboxTools().manifestTold().manifest().orElseThrow();
  }
}
