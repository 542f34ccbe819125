package io.agentopia.toolbox.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentopia.toolbox.events.ToolboxRequest.ToolboxRequested;
import io.agentopia.toolbox.events.UnreadableEventException.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EventCodecTest {
  private static final UUID TOOLBOX = UUID.fromString("0199a2b4-0000-7000-8000-000000000001");
  private static final Event EVENT =
      new ToolboxRequested(new Subject(TOOLBOX, "acct-1", 0, 0), "research", "nyc3", "s-1vcpu-1gb");
  private static final EventEnvelope ENVELOPE =
      new EventEnvelope(
          UUID.randomUUID(), "/test", Instant.parse("2026-11-23T15:00:00Z"), null, EVENT);

  static Stream<Arguments> unreadable() {
    return Stream.of(
        Arguments.of("no type", without(EventCodec.TYPE), body(), Reason.MISSING_HEADER),
        Arguments.of("no id", without(EventCodec.ID), body(), Reason.MISSING_HEADER),
        Arguments.of("no source", without(EventCodec.SOURCE), body(), Reason.MISSING_HEADER),
        Arguments.of(
            "unknown type",
            with(EventCodec.TYPE, "com.example.Other.v1"),
            body(),
            Reason.UNKNOWN_TYPE),
        Arguments.of(
            "unknown version",
            with(EventCodec.TYPE, "io.agentopia.toolbox.ToolboxRequested.v9"),
            body(),
            Reason.UNKNOWN_TYPE),
        Arguments.of("bad time", with(EventCodec.TIME, "yesterday"), body(), Reason.BAD_HEADER),
        Arguments.of("broken JSON", with(), bytes("{\"toolboxId\":"), Reason.BAD_JSON),
        Arguments.of("empty body", with(), new byte[0], Reason.BAD_JSON),
        Arguments.of("JSON null", with(), bytes("null"), Reason.BAD_JSON),
        Arguments.of(
            "wrong type of field", with(), bytes("{\"toolboxId\":\"no uuid\"}"), Reason.BAD_JSON),
        Arguments.of(
            "missing account",
            with(),
            bytes("{\"toolboxId\":\"" + TOOLBOX + "\"}"),
            Reason.INVALID_FIELD));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unreadable")
  void whatCannotBeReadSaysWhy(
      String name, Map<String, String> headers, byte[] body, Reason reason) {
    var thrown =
        catchThrowableOfType(
            UnreadableEventException.class, () -> EventCodec.decode(headers, body));
    assertThat(thrown.reason()).isEqualTo(reason);
    assertThat(thrown).hasMessageMatching("(?s).{10,}");
  }

  @Test
  void aNewerWritersExtraFieldIsIgnored() {
    var body =
        new String(body(), StandardCharsets.UTF_8)
            .replace("{\"toolboxId\"", "{\"novelty\":1,\"toolboxId\"");
    assertThat(EventCodec.decode(with(), bytes(body)).event()).isEqualTo(EVENT);
  }

  @Test
  void anIdThatIsNoUuidStaysTheSameIdEachTimeItIsRead() {
    var headers = with(EventCodec.ID, "order-17");
    assertThat(EventCodec.decode(headers, body()).id())
        .isEqualTo(EventCodec.decode(headers, body()).id());
  }

  @Test
  void aTimeWithAnOffsetIsRead() {
    var headers = with(EventCodec.TIME, "2026-11-23T16:00:00.5+01:00");
    assertThat(EventCodec.decode(headers, body()).time()).isEqualTo("2026-11-23T15:00:00.500Z");
  }

  @Test
  void aMissingFieldIsNamed() {
    var thrown =
        catchThrowableOfType(
            UnreadableEventException.class,
            () -> EventCodec.decode(with(), bytes("{\"toolboxId\":\"" + TOOLBOX + "\"}")));
    assertThat(thrown).hasMessageContaining("'accountId' is missing");
  }

  private static Map<String, String> with(String... change) {
    return changed(
        h -> {
          if (change.length == 2) {
            h.put(change[0], change[1]);
          }
        });
  }

  private static Map<String, String> without(String name) {
    return changed(h -> h.remove(name));
  }

  private static Map<String, String> changed(Consumer<Map<String, String>> change) {
    var headers = new HashMap<>(EventCodec.encode(ENVELOPE).headers());
    change.accept(headers);
    return headers;
  }

  private static byte[] body() {
    return EventCodec.encode(ENVELOPE).body();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
