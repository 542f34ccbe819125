package io.agentopia.toolbox.provisioner.fleet;

import io.agentopia.toolbox.provisioner.toolbox.Fact;
import io.agentopia.toolbox.provisioner.toolbox.Fact.DropletFound;
import io.agentopia.toolbox.provisioner.toolbox.Fact.DropletSeen;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;

/**
 * What the cloud's list tells that is not stored yet: of most of the fleet most of the time,
 * nothing. It only saves transactions; whether a fact changes a toolbox is decided by the lifecycle
 * on the row as it is then. Pure.
 *
 * @param news facts worth recording
 * @param missing toolboxes whose droplet the list does not show, where its loss would be news
 * @param found what the list shows of droplets that are lost; a list may lag
 */
public record Comparison(List<News> news, List<Watched> missing, List<Found> found) {

  /**
   * As much of a toolbox with a live droplet as the comparison needs.
   *
   * @param isOnItsWay its address is not known yet
   * @param isActive the cloud has said so; meant only while it is on its way
   * @param ipv4 null while it is on its way
   * @param isLost its loss is known
   */
  public record Watched(
      UUID toolboxId,
      long dropletId,
      boolean isOnItsWay,
      boolean isActive,
      String ipv4,
      boolean isLost) {}

  public record News(UUID toolboxId, Fact fact) {}

  public record Found(UUID toolboxId, DropletFound fact) {
    public News news() {
      return new News(toolboxId, fact);
    }
  }

  public static Comparison of(Collection<Watched> toolboxes, Collection<DropletSeen> listed) {
    var byId = new HashMap<Long, DropletSeen>();
    listed.forEach(seen -> byId.putIfAbsent(seen.dropletId(), seen));
    var news = new ArrayList<News>();
    var missing = new ArrayList<Watched>();
    var found = new ArrayList<Found>();
    for (var toolbox : toolboxes) {
      var seen = byId.get(toolbox.dropletId());
      if (seen == null && !toolbox.isLost()) {
        missing.add(toolbox);
      } else if (seen != null && toolbox.isLost()) {
        var fact = new DropletFound(seen.dropletId(), seen.ipv4());
        found.add(new Found(toolbox.toolboxId(), fact));
      } else if (seen != null && isNews(toolbox, seen)) {
        news.add(new News(toolbox.toolboxId(), seen));
      }
    }
    return new Comparison(List.copyOf(news), List.copyOf(missing), List.copyOf(found));
  }

  private static boolean isNews(Watched toolbox, DropletSeen seen) {
    return toolbox.isOnItsWay()
        ? seen.active() && (seen.ipv4() != null || !toolbox.isActive())
        : seen.ipv4() != null && !seen.ipv4().equals(toolbox.ipv4());
  }
}
