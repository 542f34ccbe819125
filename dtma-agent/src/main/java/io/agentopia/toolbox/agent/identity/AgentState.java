package io.agentopia.toolbox.agent.identity;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.agentopia.toolbox.agent.tools.PulledImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Everything the agent keeps across restarts besides Docker's labels: one small file, only ever
 * added to, since the agent of an older image may have to read it.
 *
 * @param pulledImages by image id: only what this agent pulled itself may it ever remove
 * @param images from which the agent itself ran
 * @param backendUrls where the control plane said last that it is called
 */
public record AgentState(
    @JsonUnwrapped Membership membership,
    @JsonUnwrapped Progress progress,
    Map<String, PulledImage> pulledImages,
    @JsonProperty("moves") ImageHistory images,
    List<String> backendUrls) {

  /**
   * Whose agent it is.
   *
   * @param nonce of a join under way; null before the first attempt and after success
   * @param deleted the control plane said that the toolbox is gone (410)
   */
  public record Membership(String nonce, Identity identity, boolean deleted) {
    private static final Membership NONE = new Membership(null, null, false);
  }

  /**
   * What was done.
   *
   * @param highestManifest highest manifest generation ever seen; a lower one is ignored
   * @param appliedManifest highest manifest generation whose tools were all acted upon
   * @param restartsDone by tool instance: the {@code restarts} value reached by restarting in place
   *     (the container's label keeps the value of its creation)
   * @param handledCommands ids of the last commands obeyed, so that a repeated one is not obeyed
   *     twice
   * @param starts of the agent so far, for the count of its reports
   */
  public record Progress(
      long highestManifest,
      long appliedManifest,
      Map<UUID, Long> restartsDone,
      List<String> handledCommands,
      long starts) {
    private static final Progress NONE = new Progress(0, 0, null, null, 0);
    private static final int COMMANDS_KEPT = 20;

    public Progress {
      restartsDone = restartsDone == null ? Map.of() : Map.copyOf(restartsDone);
      handledCommands = handledCommands == null ? List.of() : List.copyOf(handledCommands);
    }

    private Progress manifests(long seen, long applied) {
      return new Progress(
          Math.max(highestManifest, seen),
          Math.max(appliedManifest, applied),
          restartsDone,
          handledCommands,
          starts);
    }

    private Progress restarts(Map<UUID, Long> done) {
      return new Progress(highestManifest, appliedManifest, done, handledCommands, starts);
    }

    private Progress handled(String commandId) {
      var ids = new ArrayList<>(handledCommands);
      ids.add(commandId);
      var kept = ids.subList(Math.max(0, ids.size() - COMMANDS_KEPT), ids.size());
      return new Progress(highestManifest, appliedManifest, restartsDone, kept, starts);
    }

    private Progress started() {
      return new Progress(
          highestManifest, appliedManifest, restartsDone, handledCommands, starts + 1);
    }
  }

  public AgentState {
    membership = membership == null ? Membership.NONE : membership;
    progress = progress == null ? Progress.NONE : progress;
    pulledImages = pulledImages == null ? Map.of() : Map.copyOf(pulledImages);
    images = images == null ? ImageHistory.NONE : images;
    backendUrls = backendUrls == null ? List.of() : List.copyOf(backendUrls);
  }

  public static AgentState fresh() {
    return new AgentState(null, null, null, null, null);
  }

  public Identity identity() {
    return membership.identity;
  }

  public AgentState withNonce(String nonce) {
    return with(new Membership(nonce, identity(), membership.deleted));
  }

  /** The nonce has done its work once the identity is known. */
  public AgentState joined(Identity identity) {
    return with(new Membership(null, identity, membership.deleted));
  }

  public AgentState withIdentity(Identity changed) {
    return changed == identity()
        ? this
        : with(new Membership(membership.nonce, changed, membership.deleted));
  }

  public AgentState asDeleted() {
    var kept = identity() == null ? null : identity().withoutSecrets();
    return with(new Membership(membership.nonce, kept, true));
  }

  private AgentState with(Membership changed) {
    return new AgentState(changed, progress, pulledImages, images, backendUrls);
  }

  public AgentState sawManifest(long generation) {
    return with(progress.manifests(generation, 0));
  }

  public AgentState appliedManifest(long generation) {
    return with(progress.manifests(0, generation));
  }

  public AgentState restarted(UUID tool, long restarts) {
    var done = new HashMap<>(progress.restartsDone);
    done.merge(tool, restarts, Math::max);
    return with(progress.restarts(done));
  }

  /** Forgets tools that are no longer wanted. */
  public AgentState keepingRestartsOf(List<UUID> tools) {
    var done = new HashMap<>(progress.restartsDone);
    return done.keySet().retainAll(tools) ? with(progress.restarts(done)) : this;
  }

  public AgentState handled(String commandId) {
    return with(progress.handled(commandId));
  }

  public AgentState started() {
    return with(progress.started());
  }

  private AgentState with(Progress changed) {
    return changed.equals(progress)
        ? this
        : new AgentState(membership, changed, pulledImages, images, backendUrls);
  }

  public AgentState pulled(String imageId, String reference) {
    var known = pulledImages.get(imageId);
    return withPulledImages(
        Map.of(imageId, known == null ? PulledImage.as(reference) : known.andAs(reference)),
        Set.of());
  }

  /** Other images than those in {@code changed} and {@code gone} stay as they are. */
  public AgentState withPulledImages(Map<String, PulledImage> changed, Set<String> gone) {
    var all = new HashMap<>(pulledImages);
    all.putAll(changed);
    all.keySet().removeAll(gone);
    return new AgentState(membership, progress, all, images, backendUrls);
  }

  public AgentState withImages(ImageHistory changed) {
    return new AgentState(membership, progress, pulledImages, changed, backendUrls);
  }

  public AgentState calledAt(List<String> addresses) {
    return new AgentState(membership, progress, pulledImages, images, addresses);
  }

  @Override
  public String toString() {
    return "AgentState[identity="
        + identity()
        + ", highestManifest="
        + progress.highestManifest
        + "]";
  }
}
