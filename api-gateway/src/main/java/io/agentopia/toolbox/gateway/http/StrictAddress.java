package io.agentopia.toolbox.gateway.http;

import io.agentopia.toolbox.events.Characters;
import io.agentopia.toolbox.events.Rules.Violation;
import io.agentopia.toolbox.events.Shown;
import io.agentopia.toolbox.runtime.http.Problem;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Path and query of every request to /v1, held against the method that it is for: no parameter that
 * is not known, none twice, each of its type, all of characters that can be stored. A method that
 * takes no body gets none.
 */
public class StrictAddress {
  private static final int AFTER_AUTHENTICATION = 5500;
  private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]{1,9}");

  /** {@code {}}: what clients send that cannot send nothing. */
  private static final int EMPTY_OBJECT = 2;

  private final Map<Method, Known> known = new ConcurrentHashMap<>();

  /** What a method takes. */
  private record Known(Map<String, Class<?>> query, boolean hasBody) {
    static Known of(Method method) {
      var query = new TreeMap<String, Class<?>>();
      for (var parameter : method.getParameters()) {
        if (parameter.isAnnotationPresent(QueryParam.class)) {
          query.put(parameter.getAnnotation(QueryParam.class).value(), parameter.getType());
        } else if (parameter.isAnnotationPresent(BeanParam.class)) {
          Stream.of(parameter.getType().getDeclaredFields())
              .filter(f -> f.isAnnotationPresent(QueryParam.class))
              .forEach(f -> query.put(f.getAnnotation(QueryParam.class).value(), f.getType()));
        }
      }
      return new Known(query, Arrays.stream(method.getParameters()).anyMatch(Known::isBody));
    }

    private static boolean isBody(Parameter parameter) {
      return parameter.getType().isRecord();
    }
  }

  @ServerRequestFilter(priority = AFTER_AUTHENTICATION)
  public void check(ContainerRequestContext request, ResourceInfo resource) {
    if (!UserApi.isUnder(request.getUriInfo().getPath())) {
      return;
    }
    var takes = known.computeIfAbsent(resource.getResourceMethod(), Known::of);
    var found = new ArrayList<Violation>();
    request
        .getUriInfo()
        .getPathParameters()
        .forEach((name, values) -> values.forEach(value -> characters(found, name, value)));
    request
        .getUriInfo()
        .getQueryParameters()
        .forEach((name, values) -> query(found, takes, name, values));
    if (!takes.hasBody() && hasBody(request)) {
      found.add(new Violation("body", "must be empty: this address takes none"));
    }
    if (!found.isEmpty()) {
      throw Problem.invalid("The request was not taken in.", found).exception();
    }
  }

  private static void query(List<Violation> found, Known takes, String name, List<String> values) {
    var type = takes.query().get(name);
    if (type == null) {
      found.add(
          new Violation(
              Shown.name(name),
              "is not a parameter of this address; known are " + takes.query().keySet()));
    } else if (values.size() > 1) {
      found.add(new Violation(name, "must be given once; found " + values.size() + " of it"));
    } else if (type == boolean.class && !values.getFirst().matches("true|false")) {
      found.add(Violation.of(name, "must be true or false", values.getFirst()));
    } else if (type == int.class && !WHOLE_NUMBER.matcher(values.getFirst()).matches()) {
      found.add(Violation.of(name, "must be a whole number", values.getFirst()));
    } else {
      characters(found, name, values.getFirst());
    }
  }

  private static void characters(List<Violation> found, String name, String value) {
    var wrong = Characters.wrongInLine(value);
    if (wrong != null) {
      found.add(new Violation(name, wrong));
    }
  }

  private static boolean hasBody(ContainerRequestContext request) {
    return request.getHeaderString(HttpHeaders.CONTENT_LENGTH) == null
        ? request.getHeaderString("Transfer-Encoding") != null
        : request.getLength() > EMPTY_OBJECT;
  }
}
