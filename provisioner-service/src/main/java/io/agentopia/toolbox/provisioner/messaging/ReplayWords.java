package io.agentopia.toolbox.provisioner.messaging;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.ToolboxRequest;
import io.agentopia.toolbox.events.ToolboxRequest.ToolboxDeletionRequested;
import io.agentopia.toolbox.events.ToolboxRequest.ToolboxRecreationRequested;
import io.agentopia.toolbox.events.ToolboxRequest.ToolboxRequested;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.provisioner.toolbox.Toolbox;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.ErrorProvisioning;
import io.agentopia.toolbox.runtime.lifecycle.Transition;
import io.agentopia.toolbox.runtime.lifecycle.Transition.Changed;
import io.agentopia.toolbox.runtime.lifecycle.Transition.Ignored;
import io.agentopia.toolbox.runtime.messaging.Preview;

/**
 * What a dry run says of a wish about a toolbox that exists. It plays what happens here; the cloud
 * is not asked, and that is said too. Pure.
 */
final class ReplayWords {
  private ReplayWords() {}

  static Preview of(ToolboxRequest request, Toolbox toolbox, Transition<Toolbox, Event> outcome) {
    if (toolbox.status() == ToolboxStatus.DEPROVISIONED) {
      return Preview.nothingToDo("stale: toolbox deleted since");
    }
    if (request.generation() > 0 && request.generation() < toolbox.generation()) {
      return Preview.nothingToDo(
          "stale: it is about generation "
              + request.generation()
              + ", and generation "
              + toolbox.generation()
              + " was started since");
    }
    return switch (outcome) {
      case Ignored<Toolbox, Event> u -> Preview.nothingToDo("already done: " + u.why());
      case Changed<Toolbox, Event> c -> Preview.wouldAct(words(request, toolbox));
    };
  }

  private static String notTried(Toolbox toolbox) {
    return toolbox.state() instanceof ErrorProvisioning s
        ? "; not tried: whether what failed is mended (" + s.trouble().code() + ")"
        : "; not tried: whether the cloud gives one";
  }

  private static String words(ToolboxRequest request, Toolbox toolbox) {
    return switch (request) {
      case ToolboxRequested r ->
          "would ask the cloud for a droplet for toolbox " + toolbox.id() + notTried(toolbox);
      case ToolboxRecreationRequested r ->
          "would have the droplet of toolbox "
              + toolbox.id()
              + " deleted and ask the cloud for a new one"
              + notTried(toolbox);
      case ToolboxDeletionRequested r ->
          "would delete toolbox " + toolbox.id() + " and its droplet";
    };
  }
}
