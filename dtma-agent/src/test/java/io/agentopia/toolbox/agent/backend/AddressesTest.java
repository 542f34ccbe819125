package io.agentopia.toolbox.agent.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class AddressesTest {
  private static final String OLD = "https://old.example";
  private static final String OTHER = "https://other.example";
  private static final String NEW = "https://new.example/base";

  private Instant now = Instant.parse("2026-11-28T12:00:00Z");
  private List<String> told = List.of();
  private final Addresses addresses =
      new Addresses(List.of(URI.create(OLD + "/"), URI.create(OTHER)), () -> told, () -> now);

  @Test
  void theFirstOfTheBootIsCalledAndTheNextWhileItDoesNotAnswer() {
    assertThat(addresses.current()).isEqualTo(OLD);
    addresses.failed(OLD);
    assertThat(addresses.current()).isEqualTo(OTHER);
    addresses.failed(OTHER);
    assertThat(addresses.current()).isEqualTo(OLD);
  }

  @Test
  void whatIsToldGoesFirstAndAWrongOneStrandsNobody() {
    addresses.current();
    told = List.of(NEW, OLD);
    assertThat(addresses.current()).isEqualTo(NEW);
    addresses.failed(NEW);
    assertThat(addresses.current()).isEqualTo(OLD);
    addresses.failed(OLD);
    assertThat(addresses.current()).isEqualTo(OTHER);
    addresses.failed(OTHER);
    assertThat(addresses.current()).isEqualTo(NEW);
  }

  @Test
  void theFirstIsTriedAgainAfterAWhile() {
    addresses.current();
    addresses.failed(OLD);
    now = now.plus(Addresses.FIRST_AGAIN).minusMillis(1);
    assertThat(addresses.current()).isEqualTo(OTHER);
    now = now.plusMillis(1);
    assertThat(addresses.current()).isEqualTo(OLD);
  }

  /** A call that ended late, of an address that is not called any more. */
  @Test
  void aFailureOfAnotherAddressMovesNobody() {
    addresses.current();
    addresses.failed(OTHER);
    assertThat(addresses.current()).isEqualTo(OLD);
  }

  @Test
  void onlyWhatIsAnAddressIsKept() {
    assertThat(
            Addresses.fit(
                Arrays.asList(
                    NEW,
                    NEW,
                    null,
                    "",
                    "new.example",
                    "ftp://new.example",
                    "file:///etc/passwd",
                    "https://",
                    "https://user:secret@new.example",
                    "https://new.example/?a=b",
                    "https://new.example/#a",
                    "https://new example",
                    "https://" + "x".repeat(300),
                    "http://10.0.0.1:8080")))
        .containsExactly(NEW, "http://10.0.0.1:8080");
    assertThat(
            Addresses.fit(
                List.of("http://a", "http://b", "http://c", "http://d", "http://e", "http://f")))
        .hasSize(5);
  }
}
