package io.agentopia.toolbox.runtime.messaging;

import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.Map;

/**
 * How every Kafka client of a service reaches the broker, channels and our own alike: all of {@code
 * kafka.*} (environment: {@code KAFKA_…}), so also SASL and TLS. No client is made without it.
 */
@ApplicationScoped
public class BrokerSettings {
  private static final String ADDRESS = "bootstrap.servers";

  private final Map<String, Object> settings;

  @Inject
  public BrokerSettings(@Identifier("default-kafka-broker") Map<String, Object> kafka) {
    this.settings = new HashMap<>(kafka);
    settings.remove("group.id"); // the framework's, of the service's channels
  }

  /**
   * For a client that is used as {@code own} says, whatever {@code kafka.*} says of that.
   *
   * @param own by the names of Kafka's client settings
   */
  public Map<String, Object> with(Map<String, Object> own) {
    var all = new HashMap<>(settings);
    all.putAll(own);
    return all;
  }

  /** {@code host:port}, several with commas between them. */
  public String address() {
    return String.valueOf(settings.get(ADDRESS));
  }
}
