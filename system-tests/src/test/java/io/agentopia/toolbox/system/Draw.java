package io.agentopia.toolbox.system;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * Which cases run. {@code ./toolbox test --all} takes every one; a quick run takes one of each
 * kind, drawn by a seed that it prints. As an extension of a class it draws one of its test
 * methods.
 */
public final class Draw implements ExecutionCondition {
  /** {@code ./toolbox test --all}. */
  public static final boolean ALL = "all".equals(System.getProperty("tests"));

  /** {@code -Dfault.seed=…} repeats a run's choices. */
  public static final long SEED = Long.getLong("fault.seed", System.nanoTime() & 0xffffff);

  static {
    System.out.println(
        "Cases and faults are drawn by seed " + SEED + " (again with -Dfault.seed=" + SEED + ")");
  }

  /** All of them, or one. */
  public static <T> List<T> of(List<T> cases) {
    return ALL ? cases : List.of(one(cases));
  }

  private static <T> T one(List<T> cases) {
    return cases.get(new Random(SEED).nextInt(cases.size()));
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    var method = context.getTestMethod().orElse(null);
    if (ALL || method == null || method.equals(one(tests(context.getRequiredTestClass())))) {
      return ConditionEvaluationResult.enabled("drawn");
    }
    return ConditionEvaluationResult.disabled("not drawn; --all runs every case");
  }

  private static List<Method> tests(Class<?> type) {
    return Arrays.stream(type.getDeclaredMethods())
        .filter(
            m ->
                m.isAnnotationPresent(Test.class) || m.isAnnotationPresent(ParameterizedTest.class))
        .sorted(Comparator.comparing(Method::getName))
        .toList();
  }
}
