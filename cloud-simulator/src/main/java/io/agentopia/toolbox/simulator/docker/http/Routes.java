package io.agentopia.toolbox.simulator.docker.http;

import io.agentopia.toolbox.simulator.docker.engine.EngineRefusal;
import io.agentopia.toolbox.simulator.docker.engine.EngineView;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which call goes where; with and without a version in front. */
final class Routes {
  private static final Pattern VERSIONED = Pattern.compile("^/v(\\d+)\\.(\\d+)(/.*)$");

  record Found(Consumer<Call> handler, Matcher path) {}

  private record Route(HttpMethod method, Pattern path, Consumer<Call> handler) {}

  private final List<Route> routes = new ArrayList<>();

  /** {@code {}} stands for one part of the path, {@code {*}} for several. */
  Routes on(HttpMethod method, String path, Consumer<Call> handler) {
    var pattern = path.replace("{*}", "(.+)").replace("{}", "([^/]+)");
    routes.add(new Route(method, Pattern.compile("^" + pattern + "$"), handler));
    return this;
  }

  Routes get(String path, Consumer<Call> handler) {
    return on(HttpMethod.GET, path, handler);
  }

  Routes post(String path, Consumer<Call> handler) {
    return on(HttpMethod.POST, path, handler);
  }

  Routes delete(String path, Consumer<Call> handler) {
    return on(HttpMethod.DELETE, path, handler);
  }

  Found find(HttpMethod method, String rawPath) {
    var path = unversioned(rawPath);
    for (var route : routes) {
      var match = route.path().matcher(path);
      if (route.method().equals(method) && match.matches()) {
        return new Found(route.handler(), match);
      }
    }
    throw new EngineRefusal(404, "page not found");
  }

  private static String unversioned(String path) {
    var match = VERSIONED.matcher(path);
    if (!match.matches()) {
      return path;
    }
    var asked = Integer.parseInt(match.group(1)) * 1000 + Integer.parseInt(match.group(2));
    var version = match.group(1) + "." + match.group(2);
    if (asked > number(EngineView.API_VERSION)) {
      throw new EngineRefusal(
          400,
          "client version %s is too new. Maximum supported API version is %s"
              .formatted(version, EngineView.API_VERSION));
    }
    if (asked < number(EngineView.MIN_API_VERSION)) {
      throw new EngineRefusal(
          400,
          "client version %s is too old. Minimum supported API version is %s, please upgrade your client to a newer version"
              .formatted(version, EngineView.MIN_API_VERSION));
    }
    return match.group(3);
  }

  private static int number(String version) {
    var dot = version.indexOf('.');
    return Integer.parseInt(version.substring(0, dot)) * 1000
        + Integer.parseInt(version.substring(dot + 1));
  }
}
