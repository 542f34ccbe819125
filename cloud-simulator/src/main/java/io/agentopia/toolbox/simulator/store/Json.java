package io.agentopia.toolbox.simulator.store;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.agentopia.toolbox.simulator.droplet.Pending.Request;
import io.agentopia.toolbox.simulator.droplet.Phase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The form of the files. What the core's types are called there is said here, not in the core. */
public final class Json {
  public static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
          // Questions such as isGone() are no part of the form.
          .visibility(PropertyAccessor.IS_GETTER, JsonAutoDetect.Visibility.NONE)
          .addMixIn(Phase.class, PhaseForm.class)
          .addMixIn(Request.class, RequestForm.class)
          .build();

  private Json() {}

  public static void write(Path file, Object value) {
    try {
      AtomicFile.write(file, MAPPER.writeValueAsBytes(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("no JSON form for " + value.getClass(), e);
    }
  }

  /** Empty when there is no such file. */
  public static <T> Optional<T> read(Path file, Class<T> type) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(MAPPER.readValue(file.toFile(), type));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "reading " + file + " failed; move it away to go on without what it holds", e);
    }
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Phase.Starting.class, name = "starting"),
    @JsonSubTypes.Type(value = Phase.Active.class, name = "active"),
    @JsonSubTypes.Type(value = Phase.Off.class, name = "off"),
    @JsonSubTypes.Type(value = Phase.Destroying.class, name = "destroying"),
    @JsonSubTypes.Type(value = Phase.Gone.class, name = "gone")
  })
  private interface PhaseForm {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Request.Create.class, name = "create"),
    @JsonSubTypes.Type(value = Request.PowerOn.class, name = "power_on"),
    @JsonSubTypes.Type(value = Request.PowerOff.class, name = "power_off"),
    @JsonSubTypes.Type(value = Request.Shutdown.class, name = "shutdown"),
    @JsonSubTypes.Type(value = Request.Reboot.class, name = "reboot"),
    @JsonSubTypes.Type(value = Request.PowerCycle.class, name = "power_cycle")
  })
  private interface RequestForm {}
}
