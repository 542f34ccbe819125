package io.agentopia.toolbox.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentopia.toolbox.events.Rules.Violation;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.PositiveOrZero;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;
import org.junit.jupiter.api.Test;

class BodiesTest {
  private static final Validator VALIDATOR =
      Validation.byDefaultProvider()
          .configure()
          .messageInterpolator(new ParameterMessageInterpolator())
          .buildValidatorFactory()
          .getValidator();
  private final Bodies bodies = new Bodies(VALIDATOR);

  private record Allow(
      @NotNull(message = "must be a number") @PositiveOrZero(message = "must be a number")
          Integer upTo,
      @Said(message = "must say who, in 1 to 500 characters") String who,
      @Pattern(regexp = "[0-9]+", message = "must be digits", payload = Bodies.Unshown.class)
          String secret) {}

  @Test
  void whatIsRightIsGivenBack() {
    var body = new Allow(0, "w".repeat(500), null);
    assertThat(bodies.valid(body, "Nothing was done.")).isSameAs(body);
  }

  @Test
  void allThatIsWrongIsToldWithWhatWasFound() {
    assertThat(bodies.violations(new Allow(-1, " ", "hush")))
        .containsExactly(
            new Violation("secret", "must be digits"),
            new Violation("upTo", "must be a number; found -1"),
            new Violation("who", "must say who, in 1 to 500 characters; found ' '"));
    assertThat(bodies.violations(new Allow(null, null, null)))
        .containsExactly(
            new Violation("upTo", "must be a number"),
            new Violation("who", "must say who, in 1 to 500 characters"));
  }

  @Test
  void oneWrongWordIsOneFault() {
    assertThat(bodies.violations(new Allow(1, "w".repeat(501), null)))
        .extracting(Violation::field)
        .containsExactly("who");
  }

  @Test
  void theRefusalSaysWhatWasNotDone() {
    assertThatThrownBy(() -> bodies.valid(null, "Nothing was done."))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> {
              assertThat(e.problem().status()).isEqualTo(400);
              assertThat(e.problem().detail()).isEqualTo("Nothing was done.");
              assertThat(e.problem().errors())
                  .containsExactly(new Problem.FieldError("body", "is missing"));
            });
  }
}
