package io.agentopia.toolbox.runtime.http;

import io.agentopia.toolbox.events.Rules.Violation;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Payload;
import jakarta.validation.Validator;
import java.util.Comparator;
import java.util.List;

/**
 * Holds a request's body against the constraints on its record (Jakarta Validation). All that is
 * wrong is found at once, and told by field, limit and what was found.
 */
@ApplicationScoped
public class Bodies {
  private final Validator validator;

  /** Of a constraint on what must not be repeated to anybody. */
  public interface Unshown extends Payload {}

  @Inject
  Bodies(Validator validator) {
    this.validator = validator;
  }

  /**
   * @param refusal what was not done, if it is not valid
   * @throws ProblemException 400 that names all that is wrong
   */
  public <T> T valid(T body, String refusal) {
    var found = violations(body);
    if (!found.isEmpty()) {
      throw Problem.invalid(refusal, found).exception();
    }
    return body;
  }

  /** All that is wrong, field by field. */
  public List<Violation> violations(Object body) {
    return body == null
        ? List.of(new Violation("body", "is missing"))
        : validator.validate(body).stream()
            .map(Bodies::told)
            .sorted(Comparator.comparing(Violation::field))
            .toList();
  }

  private static Violation told(ConstraintViolation<?> wrong) {
    var field = wrong.getPropertyPath().toString();
    var isShown =
        wrong.getInvalidValue() != null
            && !wrong.getConstraintDescriptor().getPayload().contains(Unshown.class);
    return isShown
        ? Violation.of(field, wrong.getMessage(), wrong.getInvalidValue())
        : new Violation(field, wrong.getMessage());
  }
}
