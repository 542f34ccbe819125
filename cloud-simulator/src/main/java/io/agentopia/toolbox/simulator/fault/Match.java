package io.agentopia.toolbox.simulator.fault;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Which requests, droplets or images a fault is meant for; what is null is not asked. Patterns are
 * regular expressions over the whole value.
 */
public record Match(
    String method,
    String path,
    Long dropletId,
    String name,
    String tag,
    String region,
    String image) {
  public static final Match ANYTHING = new Match(null, null, null, null, null, null, null);

  /** What a fault could strike. A fault that asks for something the target has not never does. */
  public record Target(
      String method,
      String path,
      Long dropletId,
      String name,
      List<String> tags,
      String region,
      String image) {

    public static Target request(String method, String path) {
      return new Target(method, path, null, null, List.of(), null, null);
    }

    public static Target droplet(Long id, String name, List<String> tags, String region) {
      return new Target(null, null, id, name, tags, region, null);
    }

    public static Target agent(
        long dropletId, String name, List<String> tags, String region, String image) {
      return new Target(null, null, dropletId, name, tags, region, image);
    }

    public static Target pull(long dropletId, String image) {
      return new Target(null, null, dropletId, null, List.of(), null, image);
    }
  }

  boolean fits(Target target) {
    return (method == null || method.equalsIgnoreCase(target.method()))
        && (dropletId == null || dropletId.equals(target.dropletId()))
        && (tag == null || target.tags().contains(tag))
        && (region == null || region.equals(target.region()))
        && matches(path, target.path())
        && matches(name, target.name())
        && matches(image, target.image());
  }

  private static boolean matches(String pattern, String value) {
    return pattern == null || (value != null && Pattern.matches(pattern, value));
  }
}
