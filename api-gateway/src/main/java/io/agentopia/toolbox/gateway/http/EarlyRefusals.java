package io.agentopia.toolbox.gateway.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentopia.toolbox.events.EventSize;
import io.agentopia.toolbox.runtime.http.Problem;
import io.agentopia.toolbox.runtime.http.ProblemMappers;
import io.quarkus.vertx.http.runtime.RouteConstants;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * What is refused before any resource is looked for, as a problem like everything else. The server
 * below would close such connections without a word; its own limits (max-initial-line-length,
 * max-header-size) are far above these.
 */
@ApplicationScoped
public class EarlyRefusals {
  static final int LONGEST_ADDRESS = 4096;
  static final int LARGEST_HEADERS = 20 * 1024;

  private static final int AFTER_UPLOAD_LIMIT = RouteConstants.ROUTE_ORDER_UPLOAD_LIMIT + 1;

  @Inject ObjectMapper json;

  void register(@Observes Router router) {
    for (var status : List.of(400, 404, 405, 406, 413, 415, 500)) {
      router.errorHandler(status, this::plain);
    }
    router.route().order(Integer.MIN_VALUE).handler(this::check);
    router
        .route(UserApi.ROOT + "/*")
        .order(AFTER_UPLOAD_LIMIT)
        .handler(EarlyRefusals::leaveToReader);
  }

  /**
   * The framework ends what grows too large without a word; {@link StrictBodyReader} counts too.
   */
  private static void leaveToReader(RoutingContext context) {
    context.put(VertxHttpRecorder.MAX_REQUEST_SIZE_KEY, 2L * EventSize.REQUEST);
    context.next();
  }

  private void check(RoutingContext context) {
    var request = context.request();
    if (request.uri().length() > LONGEST_ADDRESS) {
      refuse(
          context,
          tooLarge(414, "uri_too_long", "address", request.uri().length(), LONGEST_ADDRESS));
    } else if (sizeOfHeaders(request) > LARGEST_HEADERS) {
      refuse(
          context,
          tooLarge(431, "headers_too_large", "headers", sizeOfHeaders(request), LARGEST_HEADERS));
    } else if (announced(request) > EventSize.REQUEST) {
      refuse(context, tooLarge(413, "too_large", "body", announced(request), EventSize.REQUEST));
    } else if (!isWellFormed(request.uri())) {
      refuse(context, malformed());
    } else {
      context.next();
    }
  }

  private void plain(RoutingContext context) {
    if (context.response().headWritten() || context.response().ended()) {
      return;
    }
    refuse(
        context,
        context.statusCode() == 400
            ? malformed()
            : ProblemMappers.plain(context.statusCode(), "The request could not be served."));
  }

  /** The rest of a request that is refused so early is not read: its connection ends with it. */
  private void refuse(RoutingContext context, Problem problem) {
    var response = context.response();
    response
        .setStatusCode(problem.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
        .putHeader(HttpHeaders.CONNECTION, "close")
        .end(body(problem))
        .onComplete(x -> context.request().connection().close());
  }

  private Buffer body(Problem problem) {
    try {
      return Buffer.buffer(json.writeValueAsBytes(problem));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write a problem as JSON", e);
    }
  }

  static Problem bodyTooLarge(long found) {
    return tooLarge(413, "too_large", "body", found, EventSize.REQUEST);
  }

  private static Problem tooLarge(int status, String code, String what, long found, int limit) {
    return new Problem(
        "urn:toolbox:problem:" + code,
        "The request is too large",
        status,
        "Its %s has %d bytes or more; at most %d are allowed. Nothing was changed."
            .formatted(what, found, limit),
        "Make the part named in 'errors' smaller and send the request again.",
        List.of(
            new Problem.FieldError(
                what, "must have at most %d bytes; found %d".formatted(limit, found))));
  }

  private static Problem malformed() {
    return Problem.of(
        400,
        "malformed_address",
        "The address is not readable",
        "Its path or query is not percent-encoded UTF-8: each '%' needs two hexadecimal digits.",
        "Encode each value and send the request again.");
  }

  private static long sizeOfHeaders(HttpServerRequest request) {
    var size = 0L;
    for (var header : request.headers()) {
      size += header.getKey().length() + header.getValue().length();
    }
    return size;
  }

  /** The body's length as its sender tells it; what is longer than it said is cut by the server. */
  private static long announced(HttpServerRequest request) {
    var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length != null && length.matches("[0-9]{1,18}") ? Long.parseLong(length) : 0;
  }

  /** Whether it is an address at all, and all that is percent-encoded in it is UTF-8. */
  static boolean isWellFormed(String address) {
    try {
      new URI(address);
    } catch (URISyntaxException e) {
      return false;
    }
    var bytes = ByteBuffer.allocate(address.length());
    for (int i = 0; i < address.length(); i++) {
      var c = address.charAt(i);
      if (c != '%') {
        bytes.put((byte) (c < 0x80 ? c : '?'));
      } else if (i + 2 < address.length() && isHex(address, i + 1) && isHex(address, i + 2)) {
        bytes.put((byte) HexFormat.fromHexDigits(address, i + 1, i + 3));
        i += 2;
      } else {
        return false;
      }
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(bytes.flip());
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static boolean isHex(String text, int at) {
    return HexFormat.isHexDigit(text.charAt(at));
  }
}
