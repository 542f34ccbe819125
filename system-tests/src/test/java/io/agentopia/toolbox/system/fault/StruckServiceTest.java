package io.agentopia.toolbox.system.fault;

import static org.awaitility.Awaitility.await;

import io.agentopia.toolbox.local.process.ManagedProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each service, killed and frozen at each step of its work. A frozen instance is the harder case:
 * it keeps its connections, its locks and its leadership, and comes back as if nothing had
 * happened.
 */
class StruckServiceTest {
  private static final FaultPlatform PLATFORM = FaultPlatform.get();
  private static final Invariants INVARIANTS = new Invariants(PLATFORM);
  private static final List<Saga> RUNNING = Collections.synchronizedList(new ArrayList<>());

  @ParameterizedTest(name = "{0} killed {1}")
  @MethodSource("everywhere")
  void killed(String service, StepOfHandling step) throws Exception {
    var saga = new AtomicReference<Saga>();
    var members = PLATFORM.bus().members(service);
    step.strike(PLATFORM, service, () -> saga.set(Saga.begin(PLATFORM)), ManagedProcess::kill);
    endsWell(saga.get());
    isBack(service, members);
  }

  @ParameterizedTest(name = "{0} frozen {1}")
  @MethodSource("everywhere")
  void frozen(String service, StepOfHandling step) throws Exception {
    var saga = new AtomicReference<Saga>();
    var victim = new AtomicReference<ManagedProcess>();
    var members = PLATFORM.bus().members(service);
    step.strike(
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

  /** In an order of the seed's, so that no case relies on the one before it. */
  static Stream<Arguments> everywhere() {
    var all = new ArrayList<Arguments>();
    for (var service : FaultPlatform.SERVICES) {
      for (var step : StepOfHandling.values()) {
        all.add(Arguments.of(service, step));
      }
    }
    Collections.shuffle(all, new Random(FaultPlatform.SEED));
    return all.stream();
  }

  @AfterAll
  static void allCanBeDeletedAndNothingIsLeft() throws Exception {
    RUNNING.parallelStream().forEach(Saga::delete);
    INVARIANTS.holdAtTheEnd();
  }
}
