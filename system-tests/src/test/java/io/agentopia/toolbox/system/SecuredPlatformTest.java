package io.agentopia.toolbox.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentopia.toolbox.local.LocalStack;
import io.agentopia.toolbox.local.Service;
import io.agentopia.toolbox.local.StackOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
 * The whole platform on a broker and a database that take nobody without a password, and nothing
 * that is not encrypted; the broker takes from each service only what deploy/kafka/acls.csv lets it
 * do, and the database lets each into its own.
 */
@Tag("all")
class SecuredPlatformTest {
  private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
  private static final List<String> SERVICES = Service.modules();
  private static final String ADMIN = "admin";
  private static final String SUPERUSER = "postgres";
  private static final String NOT_READ = "the database's clock is not read yet";
  private static final String DISTRUST =
      "unable to find valid certification path to requested target";

  /** Whom the database knows: each service by its database's name. */
  private static final List<String> DATABASE_USERS =
      Stream.concat(Stream.of(SUPERUSER), Arrays.stream(Service.values()).map(Service::database))
          .toList();

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
    DATABASE_USERS.forEach(u -> passwords.put(u, UUID.randomUUID().toString()));
    passwords.put(ADMIN, UUID.randomUUID().toString());
    makeCertificate("server", "CN=127.0.0.1");
    makeCertificate("other", "CN=somebody else");
    var options =
        StackOptions.isolated(REPOSITORY, dir.resolve("stack"))
            .with("cloud-simulator", Map.of("SIMULATOR_DOCKER", "simulated"))
            .with("kafka", Map.of("KAFKA_SECURITY", brokersSide().toString()))
            .with("postgres", Map.of("POSTGRES_SECURITY", databasesSide().toString()));
    for (var service : SERVICES) {
      options =
          options
              .with(service, asEnvironment(clientsSide(service)))
              .with(service, databaseClient(service, "server"));
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
      for (var topic :
          List.of("toolbox.lifecycle", "toolbox.health", "tool.lifecycle", "toolbox.manifests")) {
        var isOwn =
            service.equals("provisioner-service") && topic.equals("toolbox.lifecycle")
                || service.equals("health-service") && topic.equals("toolbox.health")
                || service.equals("deployer-service")
                    && List.of("tool.lifecycle", "toolbox.manifests").contains(topic);
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

  /** Else the platform would show nothing: some connection might be one of the old kind. */
  @Test
  void theDatabaseTakesNothingUnencryptedAndNobodyWithoutItsPassword() throws Exception {
    assertThatThrownBy(() -> connect("health", passwords.get("health"), "disable"))
        .hasMessageContaining("no encryption");
    assertThatThrownBy(() -> connect("health", "guessed", "require"))
        .hasMessageContaining("password authentication failed");
    try (var connection = connect(SUPERUSER, passwords.get(SUPERUSER), "require");
        var statement = connection.createStatement();
        var open =
            statement.executeQuery(
                "select usename, bool_and(ssl) from pg_stat_activity join pg_stat_ssl using (pid)"
                    + " where usename <> 'postgres' group by usename")) {
      var encrypted = new HashMap<String, Boolean>();
      while (open.next()) {
        encrypted.put(open.getString(1), open.getBoolean(2));
      }
      assertThat(encrypted)
          .isEqualTo(
              Map.of("gateway", true, "provisioner", true, "health", true, "deployer", true));
    }
  }

  /** Whoever stands in the way to the database is told no password, by neither pool. */
  @Test
  void aServiceThatDoesNotTrustTheDatabaseDoesNotStartAndSaysWhy() throws Exception {
    var log = dir.resolve("distrusting.log");
    var process = health(log, databaseClient("health-service", "other"));
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("it has given up").isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).isNotZero();
    assertThat(Files.readString(log))
        .contains("Unable to obtain connection from database")
        .contains(DISTRUST);
  }

  @Test
  void theReactivePoolTrustsNobodyElseEither() throws Exception {
    var settings = new HashMap<>(databaseClient("health-service", "server"));
    settings.put(
        "QUARKUS_DATASOURCE_REACTIVE_TRUST_CERTIFICATE_PEM_CERTS",
        dir.resolve("other.pem").toString());
    var log = dir.resolve("half.log");
    var process = health(log, settings);
    try {
      await("word of what the pool found")
          .atMost(Duration.ofSeconds(120))
          .until(() -> Files.readString(log).contains(NOT_READ));
    } finally {
      process.destroyForcibly();
    }
    assertThat(Files.readString(log).lines())
        .anyMatch(line -> line.contains(NOT_READ) && line.contains("SSL handshake failed"));
  }

  /** One more health service, beside the one of the platform. */
  private static Process health(Path log, Map<String, String> database) throws IOException {
    var settings = new HashMap<>(database);
    settings.putAll(asEnvironment(clientsSide("health-service")));
    settings.put("KAFKA_BOOTSTRAP_SERVERS", stack.bootstrapServers());
    settings.put("QUARKUS_DATASOURCE_JDBC_URL", stack.jdbcUrl("health"));
    settings.put(
        "QUARKUS_DATASOURCE_REACTIVE_URL", stack.jdbcUrl("health").substring("jdbc:".length()));
    settings.put("QUARKUS_FLYWAY_CONNECT_RETRIES", "1");
    settings.put("QUARKUS_HTTP_PORT", "0");
    settings.put("INTERNAL_API_KEY", UUID.randomUUID().toString());
    settings.put("BACKEND_TO_DTMA_API_KEY", UUID.randomUUID().toString());
    var builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-jar",
                REPOSITORY.resolve("health-service/target/quarkus-app/quarkus-run.jar").toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(settings);
    return builder.start();
  }

  private static Connection connect(String user, String password, String mode) throws Exception {
    var settings = new Properties();
    settings.put("user", user);
    settings.put("password", password);
    settings.put("sslmode", mode);
    return DriverManager.getConnection(stack.jdbcUrl("health"), settings);
  }

  private static Map<String, String> databaseClient(String service, String trusted) {
    var user = service.replace("-service", "").replace("api-", "");
    return Map.of(
        "QUARKUS_DATASOURCE_USERNAME",
        user,
        "QUARKUS_DATASOURCE_PASSWORD",
        passwords.get(user),
        "TOOLBOX_DATABASE_SSL_MODE",
        "verify-full",
        "TOOLBOX_DATABASE_CA_CERTIFICATES",
        dir.resolve(trusted + ".pem").toString());
  }

  private static Path databasesSide() throws Exception {
    var key = dir.resolve("server.key");
    var store = KeyStore.getInstance("PKCS12");
    var secret = passwords.get(ADMIN).toCharArray();
    try (var in = Files.newInputStream(dir.resolve("server.p12"))) {
      store.load(in, secret);
    }
    var encoded =
        Base64.getMimeEncoder().encodeToString(store.getKey("server", secret).getEncoded());
    Files.createFile(
        key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(
        key, "-----BEGIN PRIVATE KEY-----\n" + encoded + "\n-----END PRIVATE KEY-----\n");
    var database = new Properties();
    database.put("ssl_cert_file", dir.resolve("server.pem").toString());
    database.put("ssl_key_file", key.toString());
    DATABASE_USERS.forEach(user -> database.put("scram." + user, passwords.get(user)));
    var file = dir.resolve("database.properties");
    try (var out = Files.newOutputStream(file)) {
      database.store(out, null);
    }
    return file;
  }

  private static Path brokersSide() throws IOException {
    var broker = new Properties();
    broker.put("ssl.keystore.location", dir.resolve("server.p12").toString());
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
        dir.resolve("server-trust.p12").toString(),
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

  /** A key with its certificate for this machine, as one side has it, and as others trust it. */
  private static void makeCertificate(String name, String subject) throws Exception {
    var password = passwords.get(ADMIN);
    keytool(
        "-genkeypair",
        "-alias",
        name,
        "-keyalg",
        "EC",
        "-dname",
        subject,
        "-ext",
        "san=ip:127.0.0.1",
        "-storetype",
        "PKCS12",
        "-keystore",
        name + ".p12",
        "-storepass",
        password);
    keytool(
        "-exportcert",
        "-rfc",
        "-alias",
        name,
        "-keystore",
        name + ".p12",
        "-storepass",
        password,
        "-file",
        name + ".pem");
    keytool(
        "-importcert",
        "-noprompt",
        "-alias",
        name,
        "-file",
        name + ".pem",
        "-storetype",
        "PKCS12",
        "-keystore",
        name + "-trust.p12",
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
