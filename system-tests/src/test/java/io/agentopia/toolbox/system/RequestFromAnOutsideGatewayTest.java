package io.agentopia.toolbox.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/**
 * A program that knows docs/events.md and nothing else of ours: no class of shared-events is used
 * here.
 */
class RequestFromAnOutsideGatewayTest extends Story {
  @Test
  void aRecordAsTheDocumentationShowsItBecomesAToolbox() throws Exception {
    var id = UUID.randomUUID().toString();
    publish(id, "{ this is poison");
    publish(
        id,
        "{\"toolboxId\":\""
            + id
            + "\",\"accountId\":\""
            + PLATFORM.account()
            + "\",\"name\":\""
            + uniqueName("outside")
            + "\",\"region\":\"nyc3\",\"size\":\"s-1vcpu-1gb\"}");

    awaitToolbox(id, "active");
    assertThat(PLATFORM.liveDroplets(id)).hasSize(1);
    delete(id);
  }

  @Test
  void anInvalidRequestIsVisibleToItsAccountWithCodeAndAction() throws Exception {
    var id = UUID.randomUUID().toString();
    publish(
        id,
        "{\"toolboxId\":\""
            + id
            + "\",\"accountId\":\""
            + PLATFORM.account()
            + "\",\"name\":\"not a good name!\","
            + "\"region\":\"nyc3\",\"size\":\"s-1vcpu-1gb\"}");

    patiently("the rejection to be shown")
        .until(() -> "error_provisioning".equals(USER.get("/v1/toolboxes/" + id).text("/status")));
    var answer = USER.get("/v1/toolboxes/" + id);
    assertThat(answer.text("/error/code")).isEqualTo("invalid_request");
    assertThat(answer.text("/error/message")).contains("name");
    assertThat(answer.text("/error/action")).isNotBlank();
    assertThat(PLATFORM.liveDroplets(id)).isEmpty();
  }

  @Test
  void whatTheCloudRefusesEndsInAnErrorWithWhatToDoAndLeavesNoDroplet() throws Exception {
    var id = UUID.randomUUID().toString();
    publish(
        id,
        "{\"toolboxId\":\""
            + id
            + "\",\"accountId\":\""
            + PLATFORM.account()
            + "\",\"name\":\""
            + uniqueName("mars")
            + "\",\"region\":\"mars1\",\"size\":\"s-1vcpu-1gb\"}");

    patiently("the refusal to be shown")
        .until(() -> "error_provisioning".equals(USER.get("/v1/toolboxes/" + id).text("/status")));
    var answer = USER.get("/v1/toolboxes/" + id);
    assertThat(answer.text("/error/code")).isEqualTo("region_unavailable");
    assertThat(answer.text("/error/action")).isNotBlank();
    assertThat(PLATFORM.liveDroplets(id)).isEmpty();
    delete(id);
  }

  private static void publish(String key, String body)
      throws ExecutionException, InterruptedException {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", PLATFORM.bootstrapServers(), "acks", "all");
    try (var producer =
        new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
      var record =
          new ProducerRecord<>("toolbox.requests", key, body.getBytes(StandardCharsets.UTF_8));
      Map.of(
              "ce_specversion", "1.0",
              "ce_id", UUID.randomUUID().toString(),
              "ce_source", "/my-gateway",
              "ce_type", "io.agentopia.toolbox.ToolboxRequested.v1",
              "ce_time", Instant.now().toString(),
              "content-type", "application/json")
          .forEach(
              (name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
      producer.send(record).get();
    }
  }
}
