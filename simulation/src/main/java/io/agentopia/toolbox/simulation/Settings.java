package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.agent.lifecycle.AgentSettings;
import io.agentopia.toolbox.health.HealthConfig;
import io.agentopia.toolbox.provisioner.ProvisionerConfig;
import io.agentopia.toolbox.provisioner.cloud.budget.Limits;
import io.agentopia.toolbox.runtime.config.ShippedSettings;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The services' settings: where nothing is said here, as they are delivered. */
final class Settings {
  private static final Map<String, String> PROVISIONER =
      Map.ofEntries(
          Map.entry("provisioner.digitalocean-token", "simulated"),
          Map.entry("provisioner.backend-url", "http://gateway"),
          Map.entry("provisioner.agent-images", "docker.io/agentopia/dtma:latest"),
          Map.entry("provisioner.fleet-tag", "agentopia-toolbox"),
          Map.entry("provisioner.droplet-image", "debian-13-x64"),
          Map.entry("provisioner.join-token-validity", "30M"),
          Map.entry("provisioner.create-deadline", "4M"),
          Map.entry("provisioner.boot-deadline", "2M"),
          Map.entry("provisioner.join-deadline", "4M"),
          Map.entry("provisioner.remove-deadline", "5M"),
          Map.entry("provisioner.listing-lag", lag()),
          Map.entry("provisioner.lease", "12S"),
          Map.entry("provisioner.steps-at-once", "32"),
          Map.entry("provisioner.work-every", "1S"),
          Map.entry("provisioner.watch-every", "4S"),
          Map.entry("provisioner.watch-busy", "10S"),
          Map.entry("provisioner.watch-apart", "2S"),
          Map.entry("provisioner.watch-idle", "30S"),
          Map.entry("provisioner.watch-empty", "2M"),
          Map.entry("provisioner.watch-confirmations", "10"),
          Map.entry("provisioner.orphan-grace", "3M"),
          Map.entry("provisioner.cloud-budget.per-hour", "900"),
          Map.entry("provisioner.cloud-budget.per-minute", "24"),
          Map.entry("provisioner.firewall.agent-port", "30000"),
          Map.entry("provisioner.firewall.every", "5M"));

  private static final Map<String, String> AGENT =
      Map.of(
          "dtma.backend-url", "http://gateway",
          "dtma.join-token", "token",
          "dtma.look-every", "1M",
          "dtma.facts-every", "30S",
          "dtma.disk-guard-every", "1H",
          "dtma.tool-retry-cap", "1M");

  private static final Map<String, AgentSettings> AGENTS = new ConcurrentHashMap<>();

  private static final ProvisionerConfig USUAL = provisioner(Map.of());
  private static final ProvisionerConfig WITHOUT_LAG =
      provisioner(Map.of("provisioner.listing-lag", "0S"));

  /** Most recreations that a world still sees, with and without the hold of common silence. */
  private static final List<HealthConfig> HEALTH =
      List.of(health(1, 3), health(2, 3), health(1, 1_000), health(2, 1_000));

  private Settings() {}

  static HealthConfig health(World world) {
    var most = world.chance.below(2);
    return HEALTH.get(world.mutant == Mutant.NO_SILENCE_HOLD ? most + 2 : most);
  }

  /** As delivered, but for what would outlast a world. */
  private static HealthConfig health(int recreations, int silent) {
    return ShippedSettings.of(
        HealthConfig.class,
        Map.of(
            "health.common-silence.window",
            "4M",
            "health.common-silence.most",
            "" + silent,
            "health.remediation.most",
            "" + recreations,
            "health.remediation.cool-downs",
            "2M"));
  }

  /** What the cloud promises: the longest call, and after it the longest lag. */
  private static String lag() {
    return (Cloud.LONGEST_CALL + Cloud.LONGEST_LAG) / 1_000 + 1 + "S";
  }

  /** So few that they are used up now and then. */
  static Limits cloudLimits() {
    var budget = USUAL.cloudBudget();
    return new Limits(budget.perHour(), budget.perMinute());
  }

  static ProvisionerConfig provisioner(Mutant mutant) {
    return mutant == Mutant.NO_LISTING_LAG ? WITHOUT_LAG : USUAL;
  }

  private static ProvisionerConfig provisioner(Map<String, String> otherwise) {
    return read(ProvisionerConfig.class, PROVISIONER, otherwise);
  }

  /** Of the agent of an image. */
  static AgentSettings agent(String image) {
    return AGENTS.computeIfAbsent(
        image, i -> read(AgentSettings.class, AGENT, Map.of("dtma.image", i)));
  }

  private static <T> T read(Class<T> type, Map<String, String> usual, Map<String, String> more) {
    var values = new HashMap<>(usual);
    values.putAll(more);
    return new SmallRyeConfigBuilder()
        .addDiscoveredConverters()
        .addDefaultInterceptors()
        .withMapping(type)
        .withSources(new PropertiesConfigSource(values, "simulation", 100))
        .build()
        .getConfigMapping(type);
  }
}
