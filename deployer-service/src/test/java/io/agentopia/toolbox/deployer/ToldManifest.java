package io.agentopia.toolbox.deployer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.events.ToolboxManifestChanged;
import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.testing.TestBus;
import io.restassured.path.json.JsonPath;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hamcrest.Matcher;

/** What readers of {@code toolbox.manifests} know of one toolbox; none is an empty list. */
record ToldManifest(TestBus bus, UUID toolbox) {

  /** Waits until the newest is so. */
  <T> ToldManifest body(String path, Matcher<T> expected) {
    await()
        .atMost(ServiceTest.PATIENCE)
        .untilAsserted(() -> assertThat(path, document().<T>get(path), expected));
    return this;
  }

  private JsonPath document() throws JsonProcessingException {
    var told = bus.events(Topics.TOOLBOX_MANIFESTS, toolbox, ToolboxManifestChanged.class);
    assertThat(told)
        .extracting(ToolboxManifestChanged::manifestGeneration)
        .isSorted()
        .doesNotHaveDuplicates();
    var document =
        told.isEmpty()
            ? Map.of("manifestGeneration", 0, "tools", List.of())
            : Map.of(
                "manifestGeneration",
                told.getLast().manifestGeneration(),
                "accountId",
                told.getLast().accountId(),
                "generation",
                told.getLast().generation(),
                "tools",
                told.getLast().tools());
    return new JsonPath(EventCodec.mapper().writeValueAsString(document));
  }
}
