package io.agentopia.toolbox.simulator.droplet;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.simulator.droplet.Pending.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each state a droplet can be in, against each thing that can happen to it. */
class LifecycleTableTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Duration TAKES = Duration.ofSeconds(1);
  private static final Map<String, Droplet> STATES =
      Map.of(
          "starting", starting(),
          "active", active(),
          "off", off(),
          "rebooting", after(active(), request(new Request.Reboot())),
          "destroying", after(active(), new Fact.DeletionRequested(9, TAKES)),
          "gone", later(after(active(), new Fact.DeletionRequested(9, TAKES))));

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # state,      power_on,  power_off, reboot,    delete,    doomed,    tagged
          starting,     refused,   refused,   refused,   refused,   changed,   changed
          active,       refused,   changed,   changed,   changed,   changed,   changed
          off,          changed,   refused,   refused,   changed,   changed,   changed
          rebooting,    refused,   refused,   refused,   refused,   changed,   changed
          destroying,   refused,   refused,   refused,   refused,   changed,   changed
          gone,         unchanged, unchanged, unchanged, unchanged, unchanged, unchanged
          """)
  void everyStateAnswersEveryFact(
      String state,
      String powerOn,
      String powerOff,
      String reboot,
      String delete,
      String doomed,
      String tagged) {
    assertThat(answer(state, request(new Request.PowerOn()))).isEqualTo(powerOn);
    assertThat(answer(state, request(new Request.PowerOff()))).isEqualTo(powerOff);
    assertThat(answer(state, request(new Request.Reboot()))).isEqualTo(reboot);
    assertThat(answer(state, new Fact.DeletionRequested(8, TAKES))).isEqualTo(delete);
    assertThat(answer(state, new Fact.DoomedAt(NOW))).isEqualTo(doomed);
    assertThat(answer(state, new Fact.Tagged("t"))).isEqualTo(tagged);
  }

  private static String answer(String state, Fact fact) {
    return switch (Lifecycle.apply(STATES.get(state), fact, NOW)) {
      case Outcome.Changed(var _, var _) -> "changed";
      case Outcome.Unchanged() -> "unchanged";
      case Outcome.Refused(var message) -> {
        assertThat(message).isNotBlank();
        yield "refused";
      }
    };
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # seconds, status, address asked for, boots
          0,         new,    false,             false
          2,         new,    false,             false
          3,         active, false,             false
          4,         active, true,              false
          """)
  void aNewDropletIsActiveBeforeItHasAnAddress(
      int seconds, String status, boolean addressAsked, boolean boots) {
    var outcome = Lifecycle.apply(starting(), new Fact.TimePassed(), NOW.plusSeconds(seconds));

    assertThat(droplet(outcome, starting()).status()).isEqualTo(status);
    assertThat(effects(outcome).contains(new Effect.FindAddress())).isEqualTo(addressAsked);
    assertThat(effects(outcome).contains(new Effect.PowerUp())).isEqualTo(boots);
  }

  @ParameterizedTest
  @CsvSource({"1999, false", "2000, true"})
  void itBootsAWhileAfterItHasAnAddress(long milliseconds, boolean boots) {
    var addressed = after(later(starting()), new Fact.AddressFound("127.77.1.1"));

    var outcome = Lifecycle.apply(addressed, new Fact.TimePassed(), NOW.plusMillis(milliseconds));

    assertThat(effects(outcome).contains(new Effect.PowerUp())).isEqualTo(boots);
    assertThat(droplet(outcome, addressed).plan().up()).isEqualTo(boots);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDropletThatNeverBootsStaysActiveAndSilent(boolean never) {
    var plan = new Plan(NOW, null, Duration.ZERO, null, null, never, false);
    var born = born(new Droplet.Birth(NOW, plan));
    var addressed = after(droplet(pass(born), born), new Fact.AddressFound("127.77.1.1"));

    var outcome = Lifecycle.apply(addressed, new Fact.TimePassed(), NOW.plusSeconds(3600));

    assertThat(droplet(outcome, addressed).status()).isEqualTo("active");
    assertThat(effects(outcome).contains(new Effect.PowerUp())).isEqualTo(!never);
  }

  @ParameterizedTest
  @CsvSource({
    "REBOOT, active, true",
    "POWER_CYCLE, active, false",
    "SHUTDOWN, off, true",
    "POWER_OFF, off, false"
  })
  void aPowerActionTakesTheMachineDownAndEndsAsItSays(
      String action, String status, boolean graceful) {
    var request =
        switch (action) {
          case "REBOOT" -> new Request.Reboot();
          case "POWER_CYCLE" -> new Request.PowerCycle();
          case "SHUTDOWN" -> new Request.Shutdown();
          default -> new Request.PowerOff();
        };

    var asked = Lifecycle.apply(active(), request(request), NOW);
    var busy = droplet(asked, active());
    var done = droplet(Lifecycle.apply(busy, new Fact.TimePassed(), NOW.plus(TAKES)), busy);

    assertThat(effects(asked)).containsExactly(new Effect.PowerDown(graceful));
    assertThat(busy.isLocked()).isTrue();
    assertThat(done.isLocked()).isFalse();
    assertThat(done.status()).isEqualTo(status);
    assertThat(done.plan().bootAt() != null).isEqualTo(status.equals("active"));
    assertThat(done.action(7).orElseThrow().status()).isEqualTo(Action.Status.COMPLETED);
  }

  @ParameterizedTest
  @CsvSource({"999, active, false", "1000, archive, true"})
  void aDeletedDropletIsSeenForAMomentAndThenForgetsItsSecrets(
      long milliseconds, String status, boolean forgotten) {
    var destroying = STATES.get("destroying");

    var passed =
        droplet(
            Lifecycle.apply(destroying, new Fact.TimePassed(), NOW.plusMillis(milliseconds)),
            destroying);

    assertThat(passed.status()).isEqualTo(status);
    assertThat(passed.spec().userData() == null).isEqualTo(forgotten);
  }

  @ParameterizedTest
  @CsvSource({"4999, false", "5000, true"})
  void aFaultKeepsANewDropletOutOfTheLists(long milliseconds, boolean listed) {
    var plan = new Plan(NOW, null, Duration.ZERO, null, NOW.plusSeconds(5), false, false);

    assertThat(born(new Droplet.Birth(NOW, plan)).isListed(NOW.plusMillis(milliseconds)))
        .isEqualTo(listed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"starting", "active", "off", "rebooting"})
  void whatIsDoomedDisappearsWithItsMachine(String state) {
    var doomed = after(STATES.get(state), new Fact.DoomedAt(NOW));

    var outcome = Lifecycle.apply(doomed, new Fact.TimePassed(), NOW);

    assertThat(effects(outcome)).contains(new Effect.Destroy());
    assertThat(droplet(outcome, doomed).phase())
        .isEqualTo(new Phase.Gone(NOW, Phase.Gone.DISAPPEARED));
  }

  private static Droplet starting() {
    var plan = new Plan(NOW.plusSeconds(4), null, Duration.ofSeconds(2), null, null, false, false);
    return born(new Droplet.Birth(NOW.plusSeconds(3), plan));
  }

  private static Droplet born(Droplet.Birth birth) {
    var spec =
        new Spec("web-1", "nyc3", "s-1vcpu-1gb", 1, false, false, false, null, "#cloud-config");
    return Droplet.create(5, 6, spec, List.of(), birth, NOW);
  }

  private static Droplet active() {
    var addressed = after(later(starting()), new Fact.AddressFound("127.77.1.1"));
    var up = Lifecycle.apply(addressed, new Fact.TimePassed(), NOW.plusSeconds(3600));
    assertThat(effects(up)).containsExactly(new Effect.PowerUp());
    return droplet(up, addressed);
  }

  private static Droplet off() {
    return later(after(active(), request(new Request.PowerOff())));
  }

  private static Fact request(Request request) {
    return new Fact.ActionRequested(7, request, TAKES);
  }

  private static Droplet after(Droplet droplet, Fact fact) {
    return droplet(Lifecycle.apply(droplet, fact, NOW), droplet);
  }

  private static Droplet later(Droplet droplet) {
    return droplet(Lifecycle.apply(droplet, new Fact.TimePassed(), NOW.plusSeconds(60)), droplet);
  }

  private static Outcome pass(Droplet droplet) {
    return Lifecycle.apply(droplet, new Fact.TimePassed(), NOW);
  }

  private static Droplet droplet(Outcome outcome, Droplet before) {
    return outcome instanceof Outcome.Changed(var droplet, var _) ? droplet : before;
  }

  private static List<Effect> effects(Outcome outcome) {
    return outcome instanceof Outcome.Changed(var _, var effects) ? effects : List.of();
  }
}
