package io.agentopia.toolbox.simulator.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentopia.toolbox.simulator.SimulatorConfig;
import io.agentopia.toolbox.simulator.boot.AgentCommand;
import io.agentopia.toolbox.simulator.boot.DropletDocker;
import io.agentopia.toolbox.simulator.boot.ProcessMachines;
import io.agentopia.toolbox.simulator.droplet.Droplet;
import io.agentopia.toolbox.simulator.droplet.Fact;
import io.agentopia.toolbox.simulator.droplet.Lifecycle;
import io.agentopia.toolbox.simulator.droplet.Outcome;
import io.agentopia.toolbox.simulator.droplet.Pending.Request;
import io.agentopia.toolbox.simulator.droplet.Spec;
import io.agentopia.toolbox.simulator.fault.FaultBook;
import io.agentopia.toolbox.simulator.store.LedgerFiles;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A simulator that is left as it stands has crashed, as far as anything outside can tell: its files
 * and its agents stay, and the next one starts from them.
 */
class SimulatorRestartTest {
  private static final String USER_DATA =
      """
      #cloud-config
      write_files:
        - path: /etc/agentopia/dtma.env
          content: |
            DTMA_PORT=30000
      """;

  @TempDir Path directory;
  private final List<Simulator> started = new ArrayList<>();

  /** An engine of which it matters only that its address stays. */
  private static final class SomeDocker implements DropletDocker {
    @Override
    public String up(Droplet droplet, Path dir, String lastHost) {
      return "tcp://" + droplet.address() + ":2375";
    }

    @Override
    public void down(long dropletId, Path dir) {}

    @Override
    public void close() {}

    @Override
    public void destroy(long dropletId, Path dir) {}
  }

  private record Simulator(Fleet fleet, ProcessMachines machines, LedgerFiles files) {
    Long pid(long id) {
      fleet.tick();
      return machines.report(id).map(MachineReport::pid).orElse(null);
    }

    boolean runsAnew(long id, Long before) {
      var now = pid(id);
      return now != null && !now.equals(before);
    }

    String status(long id) {
      return fleet.find(id).orElseThrow().status();
    }

    long booted() {
      var spec =
          new Spec("web-1", "nyc3", "s-1vcpu-1gb", 133023074, false, false, false, null, USER_DATA);
      var id = fleet.create(List.of(spec), List.of("t"), 5).orElseThrow().getFirst().id();
      eventually(() -> pid(id) != null);
      return id;
    }
  }

  /** It sees nothing of what happens to its agents from now on. */
  private Simulator soonCrashed() {
    return simulator("1h");
  }

  private Simulator simulator() {
    return simulator("50ms");
  }

  private Simulator simulator(String restartAfter) {
    var config =
        new SmallRyeConfigBuilder()
            .withMapping(SimulatorConfig.class)
            .addDiscoveredConverters()
            .withDefaultValue("simulator.token", "t")
            .withDefaultValue("simulator.data-dir", directory.toString())
            .withDefaultValue("simulator.delays.active-after", "10ms")
            .withDefaultValue("simulator.delays.address-after", "20ms")
            .withDefaultValue("simulator.delays.boot-after", "10ms")
            .withDefaultValue("simulator.delays.stage-after", "1ms")
            .withDefaultValue("simulator.agent.restart-after", restartAfter)
            .withDefaultValue(
                "simulator.agent.command", "sh,-c,exec tail -f /dev/null {dropletDir}/droplet.json")
            .build()
            .getConfigMapping(SimulatorConfig.class);
    var files = new LedgerFiles(config.dataDir());
    var addresses = new Addresses(config.addresses(), config.dataDir());
    var faults = new FaultBook(new Random(1));
    var agents = new AgentCommand(config.agent());
    var machines =
        new ProcessMachines(config, files, new SomeDocker(), agents, addresses, faults, null);
    var births = new FaultPlan(config.delays(), faults);
    var fleet = new Fleet(files, machines, births, addresses, Clock.systemUTC());
    fleet.resume();
    var simulator = new Simulator(fleet, machines, files);
    started.add(simulator);
    return simulator;
  }

  @AfterEach
  void endAll() {
    started.forEach(s -> s.machines().close());
  }

  @Test
  void anAgentThatLivesIsTakenOver() {
    var crashed = soonCrashed();
    var id = crashed.booted();
    var pid = crashed.pid(id);
    var bootId = crashed.machines().report(id).orElseThrow().bootId();

    var next = simulator();

    eventually(() -> pid.equals(next.pid(id)));
    assertThat(next.machines().report(id).orElseThrow().bootId()).isEqualTo(bootId);
    assertThat(next.machines().report(id).orElseThrow().agentStarts()).isZero();

    assertThat(next.machines().killAgent(id)).isTrue();
    eventually(() -> next.runsAnew(id, pid));
  }

  @Test
  void anAgentWhoseNumberWasNotWrittenDownIsFoundByItsCommandLine() throws IOException {
    var crashed = soonCrashed();
    var id = crashed.booted();
    var pid = crashed.pid(id);
    var file = crashed.files().directory(id).resolve("machine.json");
    var text = Files.readString(file);
    assertThat(text).contains("\"pid\":" + pid);
    Files.writeString(file, text.replace("\"pid\":" + pid, "\"pid\":0"));

    var next = simulator();

    eventually(() -> pid.equals(next.pid(id)));
  }

  @Test
  void anAgentThatDiedMeanwhileIsStartedAgain() {
    var crashed = soonCrashed();
    var id = crashed.booted();
    var pid = crashed.pid(id);
    crashed.fleet().tell(id, new Fact.Tagged("still-written"));
    // Nobody is there to start it again: the crashed simulator's machine is switched off first.
    crashed.machines().powerDown(crashed.fleet().find(id).orElseThrow(), false);
    eventually(() -> ProcessHandle.of(pid).isEmpty());

    var next = simulator();

    eventually(() -> next.runsAnew(id, pid));
    assertThat(next.fleet().find(id).orElseThrow().tags()).containsExactly("t", "still-written");
  }

  @Test
  void anAgentOfADropletThatIsOffIsEnded() {
    var crashed = soonCrashed();
    var id = crashed.booted();
    var pid = crashed.pid(id);
    var files = crashed.files();
    // The crash came between writing down that it goes off and ending the process.
    var droplet = crashed.fleet().find(id).orElseThrow();
    var off = new Fact.ActionRequested(99, new Request.PowerOff(), Duration.ofMillis(1));
    var written = Lifecycle.apply(droplet, off, Clock.systemUTC().instant());
    files.save(((Outcome.Changed) written).droplet());

    var next = simulator();

    eventually(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    eventually(() -> next.pid(id) == null && next.status(id).equals("off"));
  }

  @Test
  void aGracefulStopEndsEveryAgentAndTheNextStartBringsThemBack() {
    var first = simulator();
    var id = first.booted();
    var pid = first.pid(id);

    first.machines().close();

    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    var next = simulator();
    eventually(() -> next.pid(id) != null);
    assertThat(next.fleet().find(id).orElseThrow().status()).isEqualTo("active");
  }

  @Test
  void noNumberIsGivenTwice() {
    var first = simulator();
    var before = first.fleet().nextId();
    var id = first.booted();

    var next = simulator();

    assertThat(id).isGreaterThan(before);
    assertThat(next.fleet().nextId())
        .isGreaterThan(next.fleet().find(id).orElseThrow().actions().getLast().id());
  }

  private static void eventually(Supplier<Boolean> fact) {
    await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20)).until(fact::get);
  }
}
