package io.agentopia.toolbox.agent.identity;

import io.agentopia.toolbox.agent.tools.PulledImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Everything the agent keeps across restarts besides Docker's labels: one small file.
 *
 * @param nonce of a join under way; null before the first attempt and after success
 * @param highestManifest highest manifest generation ever seen; a lower one is ignored
 * @param appliedManifest highest manifest generation whose tools were all acted upon
 * @param restartsDone by tool instance: the {@code restarts} value reached by restarting in place
 *     (the container's label keeps the value of its creation)
 * @param handledCommands ids of the last commands obeyed, so that a repeated one is not obeyed
 *     twice
 * @param deleted the control plane said that the toolbox is gone (410)
 * @param pulledImages by image id: only what this agent pulled itself may it ever remove
 * @param moves of the agent itself from image to image
 * @param starts of the agent so far, for the count of its reports
 * @param backendUrls where the control plane said last that it is called
 */
public record AgentState(
    String nonce,
    Identity identity,
    long highestManifest,
    long appliedManifest,
    Map<UUID, Long> restartsDone,
    List<String> handledCommands,
    boolean deleted,
    Map<String, PulledImage> pulledImages,
    Moves moves,
    long starts,
    List<String> backendUrls) {

  private static final int COMMANDS_KEPT = 20;

  public AgentState {
    restartsDone = restartsDone == null ? Map.of() : Map.copyOf(restartsDone);
    handledCommands = handledCommands == null ? List.of() : List.copyOf(handledCommands);
    pulledImages = pulledImages == null ? Map.of() : Map.copyOf(pulledImages);
    moves = moves == null ? Moves.NONE : moves;
    backendUrls = backendUrls == null ? List.of() : List.copyOf(backendUrls);
  }

  public static AgentState fresh() {
    return new AgentState(
        null, null, 0, 0, Map.of(), List.of(), false, Map.of(), Moves.NONE, 0, List.of());
  }

  public AgentState withNonce(String newNonce) {
    return with(d -> d.nonce = newNonce);
  }

  /** The nonce has done its work once the identity is known. */
  public AgentState joined(Identity newIdentity) {
    return with(
        d -> {
          d.nonce = null;
          d.identity = newIdentity;
        });
  }

  public AgentState withIdentity(Identity changed) {
    return with(d -> d.identity = changed);
  }

  public AgentState sawManifest(long generation) {
    var highest = Math.max(highestManifest, generation);
    return with(d -> d.highestManifest = highest);
  }

  public AgentState appliedManifest(long generation) {
    var applied = Math.max(appliedManifest, generation);
    return with(d -> d.appliedManifest = applied);
  }

  public AgentState restarted(UUID tool, long restarts) {
    var done = new HashMap<>(restartsDone);
    done.merge(tool, restarts, Math::max);
    return with(d -> d.restartsDone = done);
  }

  /** Forgets tools that are no longer wanted. */
  public AgentState keepingRestartsOf(List<UUID> tools) {
    var done = new HashMap<>(restartsDone);
    done.keySet().retainAll(tools);
    return with(d -> d.restartsDone = done);
  }

  public AgentState handled(String commandId) {
    var ids = new ArrayList<>(handledCommands);
    ids.add(commandId);
    var kept = ids.subList(Math.max(0, ids.size() - COMMANDS_KEPT), ids.size());
    return with(d -> d.handledCommands = kept);
  }

  public AgentState asDeleted() {
    return with(
        d -> {
          d.identity = identity == null ? null : identity.withoutSecrets();
          d.deleted = true;
        });
  }

  public AgentState pulled(String imageId, String reference) {
    var known = pulledImages.get(imageId);
    return withPulledImages(
        Map.of(imageId, known == null ? PulledImage.as(reference) : known.andAs(reference)),
        Set.of());
  }

  /** Other images than those in {@code changed} and {@code gone} stay as they are. */
  public AgentState withPulledImages(Map<String, PulledImage> changed, Set<String> gone) {
    var images = new HashMap<>(pulledImages);
    images.putAll(changed);
    images.keySet().removeAll(gone);
    return with(d -> d.pulledImages = images);
  }

  public AgentState withMoves(Moves changed) {
    return with(d -> d.moves = changed);
  }

  public AgentState calledAt(List<String> addresses) {
    return with(d -> d.backendUrls = addresses);
  }

  public AgentState started() {
    return with(d -> d.starts = starts + 1);
  }

  @Override
  public String toString() {
    return "AgentState[identity=" + identity + ", highestManifest=" + highestManifest + "]";
  }

  private AgentState with(Consumer<Draft> change) {
    var draft = new Draft(this);
    change.accept(draft);
    return draft.state();
  }

  /** The components while one change is made to them. */
  private static final class Draft {
    private String nonce;
    private Identity identity;
    private long highestManifest;
    private long appliedManifest;
    private Map<UUID, Long> restartsDone;
    private List<String> handledCommands;
    private boolean deleted;
    private Map<String, PulledImage> pulledImages;
    private Moves moves;
    private long starts;
    private List<String> backendUrls;

    Draft(AgentState from) {
      nonce = from.nonce;
      identity = from.identity;
      highestManifest = from.highestManifest;
      appliedManifest = from.appliedManifest;
      restartsDone = from.restartsDone;
      handledCommands = from.handledCommands;
      deleted = from.deleted;
      pulledImages = from.pulledImages;
      moves = from.moves;
      starts = from.starts;
      backendUrls = from.backendUrls;
    }

    AgentState state() {
      return new AgentState(
          nonce,
          identity,
          highestManifest,
          appliedManifest,
          restartsDone,
          handledCommands,
          deleted,
          pulledImages,
          moves,
          starts,
          backendUrls);
    }
  }
}
