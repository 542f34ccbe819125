package io.agentopia.toolbox.runtime.http;

import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import jakarta.validation.ReportAsSingleViolation;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A word that has to be given, such as who wants it and why, because it is kept. */
@NotBlank
@Size(max = 500)
@ReportAsSingleViolation
@Constraint(validatedBy = {})
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Said {
  String message() default "must be 1 to 500 characters";

  Class<?>[] groups() default {};

  Class<? extends Payload>[] payload() default {};
}
