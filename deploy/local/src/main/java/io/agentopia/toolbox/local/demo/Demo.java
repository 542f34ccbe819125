package io.agentopia.toolbox.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** From request to running tool, through the public API only. */
public final class Demo {
  private static final Duration PATIENCE = Duration.ofSeconds(180);
  private static final Duration LOOK_EVERY = Duration.ofMillis(250);

  private static final Set<String> DEAD =
      Set.of("error_provisioning", "error_deprovisioning", "deprovisioned");

  /** An HTTP server out of what the smallest Debian image has. */
  private static final String HELLO =
      """
      $| = 1;
      my $server = IO::Socket::INET->new(LocalPort => 8080, Listen => 5, ReuseAddr => 1) or die $!;
      print "listening on 8080\\n";
      while (my $client = $server->accept) {
        while (my $line = <$client>) { last if $line =~ /^\\r?$/ }
        my $body = "hello from your toolbox\\n";
        print $client "HTTP/1.1 200 OK\\r\\nContent-Type: text/plain\\r\\n";
        print $client "Content-Length: " . length($body) . "\\r\\nConnection: close\\r\\n\\r\\n" . $body;
        close $client;
      }
      """;

  /** Shows a step, the time since the beginning, and what there is to say about it. */
  public interface Listener {
    void step(Duration sinceBegin, String title, String detail);
  }

  /** What there is to look at now. */
  public record Result(String toolboxId, JsonNode toolbox, JsonNode tool, Duration time) {}

  private final HttpApi gateway;
  private final HttpApi cloud;
  private final Listener listener;
  private final Instant begin = Instant.now();
  private final Instant deadline = begin.plus(PATIENCE);
  private volatile String toolboxId;

  public Demo(
      String gatewayUrl, String apiKey, String cloudUrl, String cloudToken, Listener listener) {
    this.gateway = new HttpApi(gatewayUrl, apiKey);
    this.cloud = new HttpApi(cloudUrl, cloudToken);
    this.listener = listener;
  }

  public Result run(String name, String image) throws InterruptedException {
    toolboxId = request(name);
    var toolbox = followToolbox();
    var toolId = deploy("hello", image);
    var tool = followTool(toolId);
    return new Result(toolboxId, toolbox, tool, sinceBegin());
  }

  /** What the agent on the droplet says about itself. */
  public String agentStatus() throws InterruptedException {
    var answer = gateway.get(path() + "/agent-status", deadline);
    if (!answer.ok()) {
      throw StepFailed.refused("the agent's status", answer, "api-gateway");
    }
    return HttpApi.pretty(answer.body());
  }

  /** Deletes the toolbox and asks the cloud itself whether anything is left of it. */
  public void delete() throws InterruptedException {
    var until = Instant.now().plus(PATIENCE);
    var answer = gateway.delete(path(), until);
    if (!answer.ok()) {
      throw StepFailed.refused("deletion accepted", answer, "api-gateway");
    }
    tell("deletion accepted", "");
    while (!isGone(until)) {
      pause("deleted", gateway.get(path(), until).body(), until);
    }
    tell("deleted", "");
    proveNothingIsLeft(until);
  }

  /**
   * Asks for deletion and does not wait for it: the demonstration is broken off. False when there
   * is nothing to delete.
   */
  public boolean abandon() throws InterruptedException {
    return toolboxId != null && gateway.delete(path(), Instant.now().plusSeconds(5)).ok();
  }

  private String request(String name) throws InterruptedException {
    var wish = Map.of("name", name, "region", "nyc3", "size", "s-1vcpu-1gb");
    var answer = gateway.post("/v1/toolboxes", wish, UUID.randomUUID().toString(), deadline);
    if (!answer.ok()) {
      throw StepFailed.refused("accepted", answer, "api-gateway");
    }
    tell("requested", answer.body().path("id").asText());
    return answer.body().path("id").asText();
  }

  private JsonNode followToolbox() throws InterruptedException {
    var told = EnumSet.noneOf(Step.class);
    while (true) {
      var answer = gateway.get(path(), deadline);
      var toolbox = answer.body();
      for (var step : answer.ok() ? Step.reached(toolbox) : List.<Step>of()) {
        if (told.add(step)) {
          tell(step.title, step.detail(toolbox));
        }
      }
      if (told.contains(Step.HEALTHY)) {
        return toolbox;
      }
      var missing = EnumSet.complementOf(told).iterator().next();
      if (DEAD.contains(toolbox.path("status").asText()) || Instant.now().isAfter(deadline)) {
        throw StepFailed.because(missing.title, toolbox, missing.doneBy);
      }
      Thread.sleep(LOOK_EVERY);
    }
  }

  private String deploy(String name, String image) throws InterruptedException {
    var wish =
        Map.of(
            "name", name,
            "image", image,
            "command", List.of("perl", "-MIO::Socket::INET", "-e", HELLO),
            "environment", Map.of(),
            "ports", List.of(Map.of("containerPort", 8080)));
    var answer = gateway.post(path() + "/tools", wish, UUID.randomUUID().toString(), deadline);
    if (!answer.ok()) {
      throw StepFailed.refused("tool accepted", answer, "api-gateway");
    }
    tell("tool requested", name + ", " + image);
    return answer.body().path("id").asText();
  }

  private JsonNode followTool(String toolId) throws InterruptedException {
    var told = false;
    while (true) {
      var tool = gateway.get(path() + "/tools/" + toolId, deadline).body();
      switch (tool.path("status").asText()) {
        case "running" -> {
          tell("tool running", "container " + shortened(tool.path("containerId").asText("")));
          return tool;
        }
        case "deploying" -> {
          if (!told) {
            tell("tool deploying", "");
            told = true;
          }
        }
        case "failed", "removed" ->
            throw StepFailed.because("tool running", tool, "deployer-service");
        default -> {
          // Pending, or a state that a newer gateway knows.
        }
      }
      pause("tool running", tool, deadline);
    }
  }

  private boolean isGone(Instant until) throws InterruptedException {
    var answer = gateway.get(path(), until);
    return answer.status() == 404 || "deprovisioned".equals(answer.body().path("status").asText());
  }

  private void proveNothingIsLeft(Instant until) throws InterruptedException {
    var answer = cloud.get("/v2/droplets?tag_name=toolbox:" + toolboxId, until);
    var droplets = answer.body().path("droplets");
    if (!answer.ok() || !droplets.isArray() || !droplets.isEmpty()) {
      throw StepFailed.refused("no droplet left", answer, "provisioner-service");
    }
    tell("no droplet left", "the cloud's list for toolbox:" + toolboxId + " is empty");
  }

  private static void pause(String step, JsonNode document, Instant until)
      throws InterruptedException {
    if (Instant.now().isAfter(until)) {
      throw StepFailed.because(step, document, "provisioner-service");
    }
    Thread.sleep(LOOK_EVERY);
  }

  private void tell(String title, String detail) {
    listener.step(sinceBegin(), title, detail);
  }

  private Duration sinceBegin() {
    return Duration.between(begin, Instant.now());
  }

  private String path() {
    return "/v1/toolboxes/" + toolboxId;
  }

  private static String shortened(String containerId) {
    return containerId.substring(0, Math.min(12, containerId.length()));
  }
}
