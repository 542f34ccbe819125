package io.agentopia.toolbox.system.fault;

import static org.awaitility.Awaitility.await;

import io.agentopia.toolbox.local.process.ManagedProcess;
import io.agentopia.toolbox.system.Draw;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each service, killed and frozen at each step of its work; the four services at the same time,
 * each one case after the other. A frozen instance is the harder case: it keeps its connections,
 * its locks and its leadership, and comes back as if nothing had happened.
 */
@Tag("fault")
class StruckServiceTest {
  private static final FaultPlatform PLATFORM = FaultPlatform.get();
  private static final Invariants INVARIANTS = new Invariants(PLATFORM);
  private static final List<Saga> RUNNING = Collections.synchronizedList(new ArrayList<>());
  private static Lanes<Strike> lanes;

  /** What is done to the instance. */
  enum Way {
    KILLED,
    FROZEN
  }

  record Strike(String service, StepOfHandling step, Way way) {
    @Override
    public String toString() {
      return service + " " + way + " " + step;
    }
  }

  @BeforeAll
  static void begin() {
    lanes = new Lanes<>(cases().toList(), Strike::service, StruckServiceTest::run);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void endsWell(Strike strike) throws Exception {
    lanes.await(strike);
  }

  private static void run(Strike strike) throws Exception {
    switch (strike.way()) {
      case KILLED -> killed(strike);
      case FROZEN -> frozen(strike);
    }
  }

  private static void killed(Strike strike) throws Exception {
    var service = strike.service();
    var saga = new AtomicReference<Saga>();
    var members = PLATFORM.bus().members(service);
    strike
        .step()
        .strike(PLATFORM, service, () -> saga.set(Saga.begin(PLATFORM)), ManagedProcess::kill);
    endsWell(saga.get());
    isBack(service, members);
  }

  private static void frozen(Strike strike) throws Exception {
    var service = strike.service();
    var saga = new AtomicReference<Saga>();
    var victim = new AtomicReference<ManagedProcess>();
    var members = PLATFORM.bus().members(service);
    strike
        .step()
        .strike(
            PLATFORM,
            service,
            () -> saga.set(Saga.begin(PLATFORM)),
            instance -> {
              victim.set(instance);
              instance.pause();
            });
    try {
      await("the frozen instance to lose its partitions")
          .atMost(Duration.ofSeconds(60))
          .until(() -> PLATFORM.bus().members(service) < members);
    } finally {
      victim.get().resume();
    }
    endsWell(saga.get());
    isBack(service, members);
  }

  private static void isBack(String service, int members) {
    await("the struck instance to be back")
        .atMost(Duration.ofSeconds(120))
        .until(() -> PLATFORM.bus().members(service) >= members);
  }

  private static void endsWell(Saga saga) throws Exception {
    saga.awaitRunning();
    INVARIANTS.holdFor(List.of(saga));
    RUNNING.add(saga);
  }

  /**
   * In an order of the seed's, so that no case relies on the one before it. A quick run takes one
   * case of each way, on two services.
   */
  static Stream<Strike> cases() {
    var all = new ArrayList<Strike>();
    for (var service : FaultPlatform.SERVICES) {
      for (var step : StepOfHandling.values()) {
        for (var way : Way.values()) {
          all.add(new Strike(service, step, way));
        }
      }
    }
    Collections.shuffle(all, new Random(Draw.SEED));
    return Draw.ALL ? all.stream() : oneOfEachWay(all);
  }

  private static Stream<Strike> oneOfEachWay(List<Strike> shuffled) {
    var first = shuffled.getFirst();
    return Stream.of(
        first,
        shuffled.stream()
            .filter(s -> s.way() != first.way() && !s.service().equals(first.service()))
            .findFirst()
            .orElseThrow());
  }

  @AfterAll
  static void allCanBeDeletedAndNothingIsLeft() throws Exception {
    lanes.awaitAll();
    RUNNING.parallelStream().forEach(Saga::delete);
    INVARIANTS.holdAtTheEnd();
  }
}
