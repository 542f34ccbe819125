package io.agentopia.toolbox.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentopia.toolbox.local.LocalStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The whole platform on a broker that takes nobody without a password, nothing that is not
 * encrypted, and from each service only what deploy/kafka/acls.csv lets it do.
 */
@Tag("all")
class SecuredBrokerTest {
  private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
  private static final List<String> SERVICES =
      List.of("api-gateway", "provisioner-service", "health-service", "deployer-service");
  private static final String ADMIN = "admin";

  private static final Map<String, String> passwords = new HashMap<>();
  private static Path dir;
  private static LocalStack stack;

  @BeforeAll
  static void start() throws Exception {
    dir =
        Files.createTempDirectory(
                Files.createDirectories(Path.of("target/stack")).toAbsolutePath(), "secured-")
            .toAbsolutePath();
    SERVICES.forEach(s -> passwords.put(s, UUID.randomUUID().toString()));
    passwords.put(ADMIN, UUID.randomUUID().toString());
    makeCertificate();
    var options =
        LocalStack.Options.isolated(REPOSITORY, dir.resolve("stack"))
            .with("cloud-simulator", Map.of("SIMULATOR_DOCKER", "simulated"))
            .with("kafka", Map.of("KAFKA_SECURITY", brokersSide().toString()));
    for (var service : SERVICES) {
      options = options.with(service, asEnvironment(clientsSide(service)));
    }
    stack = LocalStack.launch(options);
    giveRights();
    stack.awaitReady();
  }

  @AfterAll
  static void stop() {
    if (stack != null) {
      stack.close();
    }
  }

  @Test
  void aToolboxIsMadeAndRunsItsTool() {
    var user = new Api(stack.url("api-gateway"), stack.apiKey());
    var wish = "{\"name\": \"secured\", \"region\": \"nyc3\", \"size\": \"s-1vcpu-1gb\"}";
    var toolbox = "/v1/toolboxes/" + user.post("/v1/toolboxes", wish).text("/id");
    await("the toolbox to be active")
        .atMost(Duration.ofSeconds(120))
        .until(() -> "active".equals(user.get(toolbox).text("/status")));
    var sound = "{\"name\": \"first\", \"image\": \"debian:bookworm-slim\"}";
    var tool = toolbox + "/tools/" + user.post(toolbox + "/tools", sound).text("/id");
    await("the tool to run")
        .atMost(Duration.ofSeconds(60))
        .until(() -> "running".equals(user.get(tool).text("/status")));
    assertThat(user.get(toolbox + "/health").text("/status")).isEqualTo("healthy");
  }

  /** A service that was broken into writes no other one's events. */
  @Test
  void noServiceWritesWhatAnotherOneOwns() {
    for (var service : SERVICES) {
      for (var topic : List.of("toolbox.lifecycle", "toolbox.health", "tool.lifecycle")) {
        var isOwn =
            service.equals("provisioner-service") && topic.equals("toolbox.lifecycle")
                || service.equals("health-service") && topic.equals("toolbox.health")
                || service.equals("deployer-service") && topic.equals("tool.lifecycle");
        if (!isOwn) {
          assertThatThrownBy(() -> write(service, topic))
              .as(service + " to " + topic)
              .hasRootCauseInstanceOf(TopicAuthorizationException.class);
        }
      }
    }
  }

  private static void write(String service, String topic) throws Exception {
    var settings = new HashMap<String, Object>(clientsSide(service));
    settings.put("bootstrap.servers", stack.bootstrapServers());
    settings.put("max.block.ms", 10_000);
    try (var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic, new byte[1])).get(15, TimeUnit.SECONDS);
    }
  }

  private static Path brokersSide() throws IOException {
    var broker = new Properties();
    broker.put("ssl.keystore.location", dir.resolve("broker.p12").toString());
    broker.put("ssl.keystore.password", passwords.get(ADMIN));
    broker.put("ssl.keystore.type", "PKCS12");
    broker.put("sasl.enabled.mechanisms", "SCRAM-SHA-512");
    broker.put(
        "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required;");
    broker.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    // Who comes to the broker's own ports, of which nobody is told, is the broker.
    broker.put("super.users", "User:" + ADMIN + ";User:ANONYMOUS");
    passwords.forEach((user, password) -> broker.put("scram." + user, password));
    var file = dir.resolve("broker.properties");
    try (var out = Files.newOutputStream(file)) {
      broker.store(out, null);
    }
    return file;
  }

  private static Map<String, String> clientsSide(String user) {
    return Map.of(
        "security.protocol",
        "SASL_SSL",
        "sasl.mechanism",
        "SCRAM-SHA-512",
        "sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
            .formatted(user, passwords.get(user)),
        "ssl.truststore.location",
        dir.resolve("trust.p12").toString(),
        "ssl.truststore.password",
        passwords.get(ADMIN),
        "ssl.truststore.type",
        "PKCS12");
  }

  private static Map<String, String> asEnvironment(Map<String, String> settings) {
    var environment = new HashMap<String, String>();
    settings.forEach(
        (name, value) ->
            environment.put(
                "KAFKA_" + name.toUpperCase(java.util.Locale.ROOT).replace('.', '_'), value));
    return environment;
  }

  private static void makeCertificate() throws Exception {
    var password = passwords.get(ADMIN);
    keytool(
        "-genkeypair",
        "-alias",
        "broker",
        "-keyalg",
        "EC",
        "-dname",
        "CN=127.0.0.1",
        "-ext",
        "san=ip:127.0.0.1",
        "-storetype",
        "PKCS12",
        "-keystore",
        "broker.p12",
        "-storepass",
        password);
    keytool(
        "-exportcert",
        "-rfc",
        "-alias",
        "broker",
        "-keystore",
        "broker.p12",
        "-storepass",
        password,
        "-file",
        "broker.pem");
    keytool(
        "-importcert",
        "-noprompt",
        "-alias",
        "broker",
        "-file",
        "broker.pem",
        "-storetype",
        "PKCS12",
        "-keystore",
        "trust.p12",
        "-storepass",
        password);
  }

  private static void keytool(String... arguments) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    var process =
        new ProcessBuilder(command).directory(dir.toFile()).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(said).isZero();
  }

  /** The services try for as long as they have none. */
  private static void giveRights() throws Exception {
    var settings = new HashMap<String, Object>(clientsSide(ADMIN));
    settings.put("bootstrap.servers", stack.bootstrapServers());
    try (var admin = Admin.create(settings)) {
      await("the broker to give rights")
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () ->
                  assertThatCode(() -> admin.createAcls(rights()).all().get(10, TimeUnit.SECONDS))
                      .doesNotThrowAnyException());
    }
  }

  private static List<AclBinding> rights() throws IOException {
    var all = new ArrayList<AclBinding>();
    for (var line : Files.readAllLines(REPOSITORY.resolve("deploy/kafka/acls.csv"))) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      var cells = line.split("\\s*,\\s*");
      var pattern =
          new ResourcePattern(
              ResourceType.fromString(cells[1]),
              cells[2],
              PatternType.fromString(cells[3].toUpperCase(java.util.Locale.ROOT)));
      for (var service : cells[0].equals("*") ? SERVICES : List.of(cells[0])) {
        for (var operation : cells[4].split(" ")) {
          var name = operation.replaceAll("(?<=[a-z])(?=[A-Z])", "_");
          all.add(
              new AclBinding(
                  pattern,
                  new AccessControlEntry(
                      "User:" + service,
                      "*",
                      AclOperation.fromString(name),
                      AclPermissionType.ALLOW)));
        }
      }
    }
    return all;
  }
}
