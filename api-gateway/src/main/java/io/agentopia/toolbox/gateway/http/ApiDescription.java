package io.agentopia.toolbox.gateway.http;

import static java.util.Map.entry;

import io.agentopia.toolbox.runtime.http.Problem;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;

/**
 * Completes /openapi by what holds for all of /v1: the key, what may be answered besides, problems
 * as bodies, nothing unknown in a request. What is not for users (pages, agents, services) is not
 * in it.
 */
public class ApiDescription implements OASFilter {
  private static final String PROBLEM = "Problem";
  private static final String SCHEMAS = "#/components/schemas/";

  /** What any address may answer. */
  private static final Map<String, String> ALWAYS =
      Map.ofEntries(
          entry("400", "A parameter or a field is wrong; 'errors' names it"),
          entry("401", "No valid API key"),
          entry("403", "This API key may not do that"),
          entry("406", "The answer cannot be had in the form that Accept asks for"),
          entry("413", "The body is larger than 1 MiB"),
          entry("414", "The address is longer than 4,096 bytes"),
          entry("415", "The body is not application/json"),
          entry("429", "More requests or streams than the key is allowed; Retry-After says when"),
          entry("431", "The headers are larger than 20 KiB"),
          entry(
              "500", "Something went wrong here; the log has the cause under the reference given"),
          entry("503", "Not now: see 'detail', and ask again soon"));

  private static final Map<String, String> WITH_PATH_PARAMETER =
      Map.of("404", "There is none of that id for this API key");

  @Override
  public void filterOpenAPI(OpenAPI api) {
    var paths = api.getPaths();
    List.copyOf(paths.getPathItems().keySet()).stream()
        .filter(path -> !UserApi.isUnder(path))
        .forEach(paths::removePathItem);
    paths
        .getPathItems()
        .forEach((path, item) -> item.getOperations().values().forEach(o -> complete(path, o)));
    paths.getPathItems().values().stream()
        .flatMap(item -> item.getOperations().values().stream())
        .filter(o -> o.getRequestBody() != null)
        .flatMap(o -> o.getRequestBody().getContent().getMediaTypes().values().stream())
        .forEach(media -> close(api, media.getSchema()));
    // A record of the vocabulary, which knows nothing of descriptions.
    api.getComponents().getSchemas().get("Port").setRequired(List.of("containerPort"));
    api.getComponents().addSchema(PROBLEM, problem());
  }

  private static void complete(String path, Operation operation) {
    operation.setSecurity(List.of(OASFactory.createSecurityRequirement().addScheme("apiKey")));
    var besides = new TreeMap<>(ALWAYS);
    if (path.contains("{")) {
      besides.putAll(WITH_PATH_PARAMETER);
    }
    var responses = operation.getResponses();
    besides.forEach(
        (status, description) -> {
          if (!responses.hasAPIResponse(status)) {
            responses.addAPIResponse(
                status, OASFactory.createAPIResponse().description(description));
          }
        });
    responses
        .getAPIResponses()
        .forEach(
            (status, response) -> {
              if (status.startsWith("4") || status.startsWith("5")) {
                response.setContent(
                    content(Problem.MEDIA_TYPE, OASFactory.createSchema().ref(SCHEMAS + PROBLEM)));
              } else if (response.getContent() == null) {
                response.setContent(content("application/json", ofType(SchemaType.OBJECT)));
              }
            });
  }

  /** What a request is made of has no other fields than these, at any depth. */
  private static void close(OpenAPI api, Schema schema) {
    if (schema == null) {
      return;
    }
    if (schema.getRef() != null) {
      var name = schema.getRef().substring(SCHEMAS.length());
      var found = api.getComponents().getSchemas().get(name);
      if (found.getProperties() != null && found.getAdditionalPropertiesBoolean() == null) {
        found.setAdditionalPropertiesBoolean(false);
        found.getProperties().values().forEach(p -> close(api, p));
      }
    }
    close(api, schema.getItems());
    close(api, schema.getAdditionalPropertiesSchema());
  }

  private static Schema problem() {
    var error =
        ofType(SchemaType.OBJECT)
            .addProperty("field", ofType(SchemaType.STRING))
            .addProperty("message", ofType(SchemaType.STRING))
            .required(List.of("field", "message"));
    return ofType(SchemaType.OBJECT)
        .description("An error, as RFC 9457 has it")
        .addProperty("type", text("urn:toolbox:problem:<code>; the code is stable"))
        .addProperty("title", ofType(SchemaType.STRING))
        .addProperty("status", ofType(SchemaType.INTEGER))
        .addProperty("detail", text("what was attempted, on which id, and what was found"))
        .addProperty("action", text("what to do next"))
        .addProperty("errors", ofType(SchemaType.ARRAY).items(error))
        .required(List.of("type", "title", "status", "detail"));
  }

  private static Schema text(String description) {
    return ofType(SchemaType.STRING).description(description);
  }

  private static Schema ofType(SchemaType type) {
    return OASFactory.createSchema().type(List.of(type));
  }

  private static Content content(String mediaType, Schema schema) {
    return OASFactory.createContent()
        .addMediaType(mediaType, OASFactory.createMediaType().schema(schema));
  }
}
