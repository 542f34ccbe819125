package io.agentopia.toolbox.embedded;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * How clients come to the embedded broker: without security, or as a file says (environment {@code
 * KAFKA_SECURITY}). It has the broker's own settings for SASL, TLS and rights; {@code
 * scram.<user>=<password>} makes users when the broker's directory is new.
 */
record KafkaSecurity(Map<String, String> told) {
  static final KafkaSecurity NONE = new KafkaSecurity(Map.of());

  private static final String SECURED = "SASL_SSL";

  static KafkaSecurity read(Path file) {
    var told = SecurityFile.read(file, "broker");
    return new KafkaSecurity(Map.copyOf(told));
  }

  /**
   * What is other than in {@code usual}. The broker itself, as controller and for what it tells
   * itself, has ports of its own that nobody else is told of.
   */
  Properties settings(int port, int ownPort, Properties usual) {
    var settings = new Properties();
    if (told.isEmpty()) {
      return settings;
    }
    var controller = usual.getProperty("listeners").replaceAll("^.*,CONTROLLER", "CONTROLLER");
    told.forEach(
        (name, value) -> {
          if (SecurityFile.isSetting(name)) {
            settings.put(name, value);
          }
        });
    var clients = SECURED + "://127.0.0.1:" + port;
    var own = "OWN://127.0.0.1:" + ownPort;
    settings.put("listeners", clients + "," + own + "," + controller);
    settings.put("advertised.listeners", clients + "," + own);
    settings.put("inter.broker.listener.name", "OWN");
    settings.put(
        "listener.security.protocol.map",
        SECURED + ":" + SECURED + ",OWN:PLAINTEXT,CONTROLLER:PLAINTEXT");
    return settings;
  }

  /** Arguments of the format command that make the users. */
  List<String> users() {
    return told.entrySet().stream()
        .filter(e -> e.getKey().startsWith(SecurityFile.USER))
        .flatMap(
            e ->
                List.of(
                    "--add-scram",
                    "SCRAM-SHA-512=[name=%s,password=%s]"
                        .formatted(e.getKey().substring(SecurityFile.USER.length()), e.getValue()))
                    .stream())
        .toList();
  }

  /** Passwords stay out of logs. */
  @Override
  public String toString() {
    return "KafkaSecurity" + told.keySet();
  }
}
