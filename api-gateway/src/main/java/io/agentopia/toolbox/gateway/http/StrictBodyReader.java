package io.agentopia.toolbox.gateway.http;

import io.agentopia.toolbox.events.EventSize;
import io.netty.handler.codec.http.HttpHeaderNames;
import jakarta.annotation.Priority;
import jakarta.ws.rs.ConstrainedTo;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.RuntimeType;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyReader;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;

/**
 * Every body of /v1 comes in here; agents' bodies do not, for their unknown members are ignored
 * (docs/agent-protocol.md).
 */
@Provider
@ConstrainedTo(RuntimeType.SERVER)
@Priority(Priorities.USER - 1000)
@Consumes(MediaType.APPLICATION_JSON)
public class StrictBodyReader implements ServerMessageBodyReader<Object> {
  @Override
  public boolean isReadable(
      Class<?> type, Type generic, ResteasyReactiveResourceInfo method, MediaType mediaType) {
    return method != null && UserApi.has(method.getResourceClass());
  }

  @Override
  public Object readFrom(
      Class<Object> type, Type generic, MediaType mediaType, ServerRequestContext request)
      throws IOException {
    var body = request.getInputStream().readNBytes(EventSize.REQUEST + 1);
    if (body.length > EventSize.REQUEST) {
      request.serverResponse().setResponseHeader(HttpHeaderNames.CONNECTION, "close");
      throw EarlyRefusals.bodyTooLarge(body.length).exception();
    }
    return StrictJson.read(body, type);
  }

  @Override
  public boolean isReadable(
      Class<?> type, Type generic, Annotation[] annotations, MediaType mediaType) {
    return false;
  }

  @Override
  public Object readFrom(
      Class<Object> type,
      Type generic,
      Annotation[] annotations,
      MediaType mediaType,
      MultivaluedMap<String, String> headers,
      InputStream body)
      throws IOException {
    return StrictJson.read(body.readAllBytes(), type);
  }
}
