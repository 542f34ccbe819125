package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.agent.backend.Answer;
import io.agentopia.toolbox.agent.backend.ControlPlane;
import io.agentopia.toolbox.agent.backend.Wire;
import io.agentopia.toolbox.agent.identity.AgentState;
import io.agentopia.toolbox.agent.identity.Identity;
import io.agentopia.toolbox.agent.identity.ImageHistory;
import io.agentopia.toolbox.agent.reconcile.Action;
import io.agentopia.toolbox.agent.reconcile.ActionExecutor;
import io.agentopia.toolbox.agent.tools.Manifest;
import io.agentopia.toolbox.agent.tools.PinnedImage;
import io.agentopia.toolbox.agent.upgrade.UpgradeFiles;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;

/** What the real agent stands on, each without one of its protections. */
final class AgentMutants {
  private AgentMutants() {}

  /** What an old manifest says counts as the newest. */
  static ControlPlane controlPlane(Mutant mutant, ControlPlane edge, Supplier<AgentState> state) {
    return mutant != Mutant.NO_MANIFEST_FENCE
        ? edge
        : new ControlPlane() {
          @Override
          public Answer<Identity> join(String token, Wire.JoinRequest request)
              throws InterruptedException {
            return edge.join(token, request);
          }

          @Override
          public Answer<Wire.HeartbeatReply> heartbeat(String token, Wire.Heartbeat heartbeat)
              throws InterruptedException {
            return edge.heartbeat(token, heartbeat);
          }

          @Override
          public Answer<Wire.Credentials> renew(String token, Wire.Renewal renewal)
              throws InterruptedException {
            return edge.renew(token, renewal);
          }

          @Override
          public Answer<Manifest> manifest(String token) throws InterruptedException {
            return edge.manifest(token) instanceof Answer.Ok<Manifest>(var told)
                ? new Answer.Ok<>(
                    new Manifest(
                        told.toolboxId(),
                        Math.max(told.generation(), state.get().progress().highestManifest()),
                        told.tools()))
                : new Answer.Unavailable<>("nobody answers", null);
          }

          @Override
          public Answer<Void> report(String token, Wire.Report report) throws InterruptedException {
            return edge.report(token, report);
          }
        };
  }

  static ActionExecutor actions(Mutant mutant, ActionExecutor actions) {
    return mutant != Mutant.NO_CONTAINER_REMOVAL
        ? actions
        : (action, job) -> {
          if (!(action instanceof Action.Remove)) {
            actions.execute(action, job);
          }
        };
  }

  static UpgradeFiles upgradeFiles(Mutant mutant, UpgradeFiles files) {
    return mutant != Mutant.GIVEN_UP_IMAGE_IS_FORGOTTEN
        ? files
        : new UpgradeFiles() {
          @Override
          public void writeNext(PinnedImage image) throws IOException {
            files.writeNext(image);
          }

          @Override
          public void writeConfirmed(PinnedImage image) throws IOException {
            files.writeConfirmed(image);
          }

          @Override
          public Optional<PinnedImage> takeLeftNext() throws IOException {
            return files.takeLeftNext();
          }

          @Override
          public Optional<ImageHistory.Failed> takeFailed() {
            return Optional.empty();
          }
        };
  }
}
