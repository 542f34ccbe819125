package io.agentopia.toolbox.gateway.deadletter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentopia.toolbox.gateway.deadletter.ReplayReport.Line;
import io.agentopia.toolbox.gateway.internal.InternalServices;
import io.agentopia.toolbox.runtime.messaging.MessagingConfig;
import io.agentopia.toolbox.runtime.messaging.Rehearsal;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Asks each letter's own service what replaying it would do; nothing is changed by it. */
@ApplicationScoped
public class DryRun {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int AT_ONCE = 20;

  @Inject LetterStore letters;
  @Inject InternalServices upstream;
  @Inject Rehearsal own;
  @Inject MessagingConfig messaging;

  public Uni<List<Line>> preview(List<Letter> asked) {
    var place = new HashMap<UUID, Integer>();
    asked.forEach(letter -> place.put(letter.id(), place.size()));
    return letters
        .parcels(asked.stream().map(Letter::id).toList())
        .flatMap(this::ofServices)
        .map(
            lines ->
                lines.stream()
                    .sorted(Comparator.comparing((Line line) -> place.get(line.id())))
                    .toList());
  }

  private Uni<List<Line>> ofServices(List<LetterStore.Parcel> parcels) {
    var byService =
        parcels.stream()
            .collect(
                Collectors.groupingBy(
                    LetterStore.Parcel::service, LinkedHashMap::new, Collectors.toList()));
    return Multi.createFrom()
        .iterable(byService.entrySet())
        .onItem()
        .transformToMultiAndConcatenate(entry -> batches(entry.getKey(), entry.getValue()))
        .collect()
        .in(java.util.ArrayList<Line>::new, List::addAll)
        .map(List::copyOf);
  }

  private Multi<List<Line>> batches(String service, List<LetterStore.Parcel> parcels) {
    return Multi.createFrom()
        .iterable(parcels)
        .group()
        .intoLists()
        .of(AT_ONCE)
        .onItem()
        .transformToUniAndConcatenate(
            batch ->
                service.equals(messaging.service()) ? ofOurOwn(batch) : ofService(service, batch));
  }

  private Uni<List<Line>> ofOurOwn(List<LetterStore.Parcel> batch) {
    return Multi.createFrom()
        .iterable(batch)
        .onItem()
        .transformToUniAndConcatenate(
            p ->
                own.of(p.topic(), p.headers(), p.body())
                    .map(told -> new Line(p.id(), told.effect().wire(), told.summary())))
        .collect()
        .asList();
  }

  private Uni<List<Line>> ofService(String service, List<LetterStore.Parcel> batch) {
    return upstream
        .replayPreviews(service, batch.stream().map(DryRun::question).toList())
        .map(
            answer ->
                answer.status() == 200
                    ? read(answer.body())
                    : unknown(batch, service + " answered with HTTP " + answer.status()))
        .onFailure()
        .recoverWithItem(e -> unknown(batch, service + " does not answer"));
  }

  private static Map<String, Object> question(LetterStore.Parcel p) {
    return Map.of(
        "id", p.id().toString(), "topic", p.topic(), "headers", p.headers(), "body", p.body());
  }

  private static List<Line> read(String json) {
    try {
      return StreamSupport.stream(JSON.readTree(json).spliterator(), false)
          .map(DryRun::line)
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException("a service's replay previews cannot be read", e);
    }
  }

  private static Line line(JsonNode node) {
    return new Line(
        UUID.fromString(node.path("id").asText()),
        node.path("effect").asText(),
        node.path("summary").asText());
  }

  private static List<Line> unknown(List<LetterStore.Parcel> batch, String why) {
    return batch.stream().map(p -> new Line(p.id(), "unknown", why)).toList();
  }
}
