package io.agentopia.toolbox.runtime.config;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.util.Map;

/**
 * A service's settings as it ships them, for whoever runs its code without the service around it:
 * what stands in the {@code application.properties} beside the mapping's class, whatever others are
 * on the class path. Nothing of the environment counts.
 */
public final class ShippedSettings {
  private static final int CHANGED = 1_000;

  private ShippedSettings() {}

  /**
   * @param mapping a {@code @ConfigMapping}
   * @param changed settings that are others here
   */
  public static <T> T of(Class<T> mapping, Map<String, String> changed) {
    return new SmallRyeConfigBuilder()
        .addDiscoveredConverters()
        .addDefaultInterceptors()
        .withSources(shipped(mapping), new PropertiesConfigSource(changed, "changed", CHANGED))
        .withMapping(mapping)
        .build()
        .getConfigMapping(mapping);
  }

  private static PropertiesConfigSource shipped(Class<?> mapping) {
    var home = mapping.getProtectionDomain().getCodeSource().getLocation().toString();
    var isArchive = home.endsWith(".jar");
    try {
      return new PropertiesConfigSource(
          url((isArchive ? "jar:" + home + "!/" : home) + "application.properties"));
    } catch (IOException e) {
      throw new UncheckedIOException("the settings beside " + mapping + " cannot be read", e);
    }
  }

  private static URL url(String text) throws IOException {
    return URI.create(text).toURL();
  }
}
