package io.agentopia.toolbox.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.sse.Sse;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No method of /v1 takes anything in that {@link StrictBodyReader} and StrictQuery do not see. */
class UserApiTest {
  /** What a parameter of a query or a path may be: what StrictQuery can hold it against. */
  private static final Set<Class<?>> IN_ADDRESSES = Set.of(String.class, boolean.class, int.class);

  @Test
  void everyBodyIsARecordThatIsReadStrictly() {
    assertThat(methods().flatMap(m -> Arrays.stream(m.getParameters())).filter(UserApiTest::isBody))
        .hasSizeGreaterThan(5)
        .allSatisfy(
            body -> {
              assertThat(body.getType()).as("%s", body).isRecord();
              assertThat(Shape.isKnown(body.getType())).as("%s", body).isTrue();
            });
  }

  @Test
  void everythingElseIsAPathAQueryOrAHeader() {
    assertThat(methods().flatMap(m -> Arrays.stream(m.getParameters())).filter(p -> !isBody(p)))
        .hasSizeGreaterThan(20)
        .allSatisfy(p -> assertThat(isHeldAgainstTheRules(p, p.getType())).as("%s", p).isTrue());
  }

  private static boolean isHeldAgainstTheRules(AnnotatedElement parameter, Class<?> type) {
    if (parameter.isAnnotationPresent(BeanParam.class)) {
      return Arrays.stream(type.getDeclaredFields())
          .allMatch(f -> f.isAnnotationPresent(QueryParam.class) && f.getType() == String.class);
    }
    if (parameter.isAnnotationPresent(Context.class)) {
      return type == Sse.class;
    }
    return parameter.isAnnotationPresent(HeaderParam.class) && type == String.class
        || (parameter.isAnnotationPresent(QueryParam.class)
                || parameter.isAnnotationPresent(PathParam.class))
            && IN_ADDRESSES.contains(type);
  }

  /** As in JAX-RS: the body is the parameter that has no annotation of theirs. */
  private static boolean isBody(Parameter parameter) {
    return Stream.of(parameter.getAnnotations())
        .map(a -> a.annotationType().getPackageName())
        .noneMatch(p -> p.startsWith("jakarta.ws.rs") || p.startsWith("org.jboss.resteasy"));
  }

  private static Stream<Method> methods() {
    return new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.agentopia.toolbox.gateway", "io.agentopia.toolbox.runtime")
            .stream()
            .map(JavaClass::reflect)
            .map(c -> (Class<?>) c)
            .filter(UserApi::has)
            .flatMap(c -> Arrays.stream(c.getMethods()))
            .filter(
                m ->
                    List.of(m.getAnnotations()).stream()
                        .anyMatch(a -> a.annotationType().isAnnotationPresent(HttpMethod.class)));
  }
}
