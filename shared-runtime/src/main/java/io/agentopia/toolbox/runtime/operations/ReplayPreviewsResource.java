package io.agentopia.toolbox.runtime.operations;

import io.agentopia.toolbox.runtime.messaging.Preview;
import io.agentopia.toolbox.runtime.messaging.Rehearsal;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.util.List;
import java.util.Map;
import org.jboss.resteasy.reactive.server.Cancellable;

/** Tells our own operators' console what replaying dead letters of this service would do. */
@Cancellable(false)
@Path("/internal/replay-previews")
@Produces("application/json")
@Consumes("application/json")
public class ReplayPreviewsResource {
  /**
   * @param topic that this service failed to handle it from
   */
  public record Letter(String id, String topic, Map<String, String> headers, byte[] body) {}

  public record LetterPreview(String id, Preview.Effect effect, String summary) {}

  @Inject Rehearsal rehearsal;

  @POST
  public Uni<List<LetterPreview>> preview(List<Letter> letters) {
    return Multi.createFrom()
        .iterable(letters)
        .onItem()
        .transformToUniAndConcatenate(this::preview)
        .collect()
        .asList();
  }

  private Uni<LetterPreview> preview(Letter letter) {
    return rehearsal
        .of(letter.topic(), letter.headers(), letter.body())
        .map(p -> new LetterPreview(letter.id(), p.effect(), p.summary()));
  }
}
