package io.agentopia.toolbox.runtime.http;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which methods each address offers: what JAX-RS knows, and does not tell with a 405. */
@ApplicationScoped
public class Routes {
  private static final Pattern PARAMETER = Pattern.compile("\\{[^:}]+(?::([^}]*))?}");
  private final List<Route> all = new ArrayList<>();

  private record Route(Pattern path, String method) {}

  @Inject
  Routes(BeanManager beans) {
    this(beans.getBeans(Object.class, Any.Literal.INSTANCE).stream().map(b -> b.getBeanClass()));
  }

  Routes(Stream<Class<?>> resources) {
    resources.filter(c -> c.isAnnotationPresent(Path.class)).distinct().forEach(this::add);
  }

  /**
   * @param path as it was asked for, from the root
   */
  public Set<String> methodsAt(String path) {
    var methods = new TreeSet<String>();
    all.stream()
        .filter(r -> r.path().matcher(path).matches())
        .forEach(r -> methods.add(r.method()));
    if (methods.contains("GET")) {
      methods.add("HEAD");
    }
    methods.add("OPTIONS");
    return methods;
  }

  private void add(Class<?> resource) {
    for (var method : resource.getMethods()) {
      Arrays.stream(method.getAnnotations())
          .map(Annotation::annotationType)
          .filter(a -> a.isAnnotationPresent(HttpMethod.class))
          .map(a -> a.getAnnotation(HttpMethod.class).value())
          .forEach(
              verb -> all.add(new Route(path(resource, method.getAnnotation(Path.class)), verb)));
    }
  }

  private static Pattern path(Class<?> resource, Path below) {
    var template =
        resource.getAnnotation(Path.class).value() + "/" + (below == null ? "" : below.value());
    var matcher = PARAMETER.matcher("/" + template);
    var regex = new StringBuilder();
    var end = 0;
    for (; matcher.find(); end = matcher.end()) {
      regex.append(literal("/" + template, end, matcher.start()));
      regex
          .append('(')
          .append(matcher.group(1) == null ? "[^/]+" : matcher.group(1).trim())
          .append(')');
    }
    regex.append(literal("/" + template, end, template.length() + 1));
    return Pattern.compile(regex.toString());
  }

  /** Any number of slashes is one, and none is needed at the end. */
  private static String literal(String text, int from, int to) {
    var part = text.substring(from, to).replaceAll("/+", "/");
    var isEnd = to == text.length() && part.endsWith("/");
    var quoted = Pattern.quote(isEnd ? part.substring(0, part.length() - 1) : part);
    return to == text.length() ? quoted + "/?" : quoted;
  }
}
