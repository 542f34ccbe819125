package io.agentopia.toolbox.system.fault;

import io.agentopia.toolbox.system.Canaries;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Looks for every key of the stack, and for whatever is shaped like a join token, where secrets
 * must never be: logs, topics (headers too), process arguments.
 */
final class NoSecrets {
  private NoSecrets() {}

  static void anywhere(FaultPlatform platform) throws IOException {
    var canaries = Canaries.of(platform.root()).andJoinTokens();
    canaries.lookAtFiles(platform.directory("logs"));
    canaries.lookAtProcesses(platform.root().toAbsolutePath().normalize().toString());
    for (var record : platform.bus().read(topic -> !topic.startsWith("__"))) {
      var text = new StringBuilder(new String(record.value(), StandardCharsets.UTF_8));
      record
          .headers()
          .forEach(h -> text.append('\n').append(new String(h.value(), StandardCharsets.UTF_8)));
      canaries.lookAt("record " + record.topic() + "/" + record.offset(), text.toString());
    }
    canaries.areNowhere();
  }
}
