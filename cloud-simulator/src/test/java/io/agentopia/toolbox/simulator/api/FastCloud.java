package io.agentopia.toolbox.simulator.api;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;

/** A cloud in which everything takes a moment only, and an agent that is a sleeping shell. */
public class FastCloud implements QuarkusTestProfile {
  static final String TOKEN = "token-of-the-tests";

  @Override
  public Map<String, String> getConfigOverrides() {
    var config = new HashMap<String, String>();
    config.put("simulator.token", TOKEN);
    config.put("simulator.data-dir", directory());
    config.put("simulator.docker", "simulated");
    config.put("simulator.droplet-limit", "240");
    config.put("simulator.delays.active-after", "150ms");
    config.put("simulator.delays.address-after", "300ms");
    config.put("simulator.delays.boot-after", "100ms");
    config.put("simulator.delays.stage-after", "20ms");
    config.put("simulator.delays.delete-after", "150ms");
    config.put("simulator.delays.action-after", "150ms");
    config.put("simulator.agent.restart-after", "100ms");
    config.put("simulator.agent.trial-limit", "5s");
    config.put("simulator.agent.trial-look-every", "100ms");
    config.put("simulator.agent.command", "sh,-c,env > env.txt; exec sleep 600,{dropletDir}");
    config.put("simulator.rate-limits.per-minute", "100000");
    config.put("simulator.rate-limits.per-hour", "100000");
    return config;
  }

  private static String directory() {
    try {
      return Files.createTempDirectory("simulator-test").toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
