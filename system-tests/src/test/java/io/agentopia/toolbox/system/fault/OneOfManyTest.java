package io.agentopia.toolbox.system.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentopia.toolbox.system.Draw;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * One event among many that the broker takes from nobody, or that a database cannot store: it
 * stands aside as a dead letter, the others go on, and a replay brings it in once the cause is
 * gone.
 */
@Tag("fault")
@ExtendWith(Draw.class)
class OneOfManyTest {
  private static final FaultPlatform PLATFORM = FaultPlatform.get();
  private static final Invariants INVARIANTS = new Invariants(PLATFORM);
  private static final String TOPIC = "tool.requests";

  /** Above what a client divides for want of room, and below the wish. */
  private static final int NARROW = 20_000;

  @Test
  void whatTheBrokerRefusesForGoodHoldsUpNobodyElse() throws Exception {
    var saga = Saga.begin(PLATFORM).awaitRunning();
    var bus = PLATFORM.bus();
    var before = bus.largest(TOPIC);
    bus.takeAtMost(TOPIC, NARROW);
    String large;
    String letter;
    Saga other;
    try {
      large = deploy(saga, large("large"));
      letter = awaitLetter("api-gateway", saga);
      other = Saga.begin(PLATFORM).awaitRunning();
      assertThat(status(large)).isEqualTo("pending");
    } finally {
      bus.takeAtMost(TOPIC, before);
    }
    replay(letter);
    awaitRunning(large);
    INVARIANTS.holdFor(List.of(saga, other));
  }

  /** Handled together with others: both instances find a whole poll when they go on. */
  @Test
  void aRowThatCannotBeStoredSpoilsNoOther() throws Exception {
    var sagas = IntStream.range(0, 4).mapToObj(i -> Saga.begin(PLATFORM)).toList();
    sagas.forEach(Saga::awaitRunning);
    var unlucky = sagas.get(1);
    String bad;
    String letter;
    refuse("bad-row");
    try {
      var good = new AtomicReference<List<String>>();
      var it = new AtomicReference<String>();
      paused(
          () -> {
            it.set(deploy(unlucky, tool("bad-row")));
            good.set(sagas.stream().map(saga -> deploy(saga, tool("beside"))).toList());
          });
      bad = it.get();
      good.get().forEach(OneOfManyTest::awaitRunning);
      letter = awaitLetter("deployer-service", unlucky);
      assertThat(status(bad)).isEqualTo("pending");
    } finally {
      refuseNothing();
    }
    replay(letter);
    awaitRunning(bad);
    INVARIANTS.holdFor(sagas);
  }

  private static void paused(Runnable meanwhile) {
    var instances =
        List.of(PLATFORM.process("deployer-service"), PLATFORM.process("deployer-service-2"));
    instances.forEach(instance -> instance.pause());
    try {
      meanwhile.run();
    } finally {
      instances.forEach(instance -> instance.resume());
    }
  }

  private static void refuse(String name) throws SQLException {
    execute(
        """
        create function refuse_row() returns trigger language plpgsql as $$
        begin
          raise exception 'no row of that name';
        end $$;
        create trigger refuse_row before insert on account_tool_instances
          for each row when (new.name = '%s') execute function refuse_row()"""
            .formatted(name));
  }

  private static void refuseNothing() throws SQLException {
    execute("drop function refuse_row cascade");
  }

  private static void execute(String sql) throws SQLException {
    try (var connection = Databases.connect(PLATFORM.database("deployer-service"));
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String tool(String name) {
    return "{\"name\": \"%s\", \"image\": \"debian:bookworm-slim\"}".formatted(name);
  }

  private static String large(String name) {
    var variables =
        IntStream.range(0, 8)
            .mapToObj(i -> "\"V%d\": \"%s\"".formatted(i, "x".repeat(3_000)))
            .collect(Collectors.joining(", "));
    return "{\"name\": \"%s\", \"image\": \"debian:bookworm-slim\", \"environment\": {%s}}"
        .formatted(name, variables);
  }

  /** Returns where the tool is to be looked at. */
  private static String deploy(Saga saga, String wish) {
    var tools = "/v1/toolboxes/" + saga.toolbox() + "/tools";
    var answer = PLATFORM.insistently(api -> api.post(tools, wish));
    assertThat(answer.status()).as("%s", answer.body()).isEqualTo(202);
    return tools + "/" + answer.text("/id");
  }

  private static String status(String tool) {
    return PLATFORM.insistently(api -> api.get(tool)).text("/status");
  }

  private static void awaitRunning(String tool) {
    await(tool + " to run")
        .atMost(Saga.PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> "running".equals(status(tool)));
  }

  private static String awaitLetter(String service, Saga saga) {
    var id = new AtomicReference<String>();
    await("the dead letter of " + service + " about " + saga.toolbox())
        .atMost(Saga.PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              var letters =
                  PLATFORM
                      .operator()
                      .get(
                          "/v1/dead-letters?state=new&service=%s&toolboxId=%s"
                              .formatted(service, saga.toolbox()));
              id.set(letters.text("/items/0/id"));
              return id.get() != null;
            });
    return id.get();
  }

  private static void replay(String letter) {
    var answer =
        PLATFORM
            .operator()
            .post("/v1/dead-letters/" + letter + "/replay", "{\"reason\": \"its cause is gone\"}");
    assertThat(answer.status()).as("%s", answer.body()).isEqualTo(202);
  }
}
