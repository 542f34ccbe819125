package io.agentopia.toolbox.agent.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import io.agentopia.toolbox.agent.json.Json;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Where docker-java's exceptions become ours. */
final class DockerErrors {
  private static final Pattern NO_SUCH_IMAGE =
      Pattern.compile(
          "not found|manifest unknown|does not exist|access (to the resource is )?denied",
          Pattern.CASE_INSENSITIVE);

  /** Of layers that it cannot unpack; Debian 12's engine has gzip and xz only. */
  private static final Pattern CANNOT_UNPACK =
      Pattern.compile(
          "archive/tar: invalid tar header|unsupported compression|compression[^/]*zstd",
          Pattern.CASE_INSENSITIVE);

  private DockerErrors() {}

  /** What is gone need not be stopped or removed. */
  static <T> T unlessGone(Supplier<T> call, T whenGone) {
    try {
      return call.get();
    } catch (DockerRefusal e) {
      if (e.kind() == DockerRefusal.Kind.NOT_FOUND) {
        return whenGone;
      }
      throw e;
    }
  }

  /** One place where docker-java's exceptions become ours. */
  static <T> T ask(String what, Supplier<T> call) {
    try {
      return call.get();
    } catch (NotFoundException e) {
      throw new DockerRefusal(DockerRefusal.Kind.NOT_FOUND, said(what, e), e);
    } catch (ConflictException e) {
      throw new DockerRefusal(DockerRefusal.Kind.CONFLICT, said(what, e), e);
    } catch (DockerException | DockerClientException e) {
      throw new DockerRefusal(kind(what, String.valueOf(e.getMessage())), said(what, e), e);
    } catch (DockerRefusal | DockerUnavailable e) {
      throw e;
    } catch (RuntimeException e) {
      throw new DockerUnavailable(what + ": no answer from Docker (" + rootOf(e) + ")", e);
    }
  }

  private static DockerRefusal.Kind kind(String what, String message) {
    if (!what.startsWith("pulling")) {
      return DockerRefusal.Kind.OTHER;
    }
    if (CANNOT_UNPACK.matcher(message).find()) {
      return DockerRefusal.Kind.TOO_OLD;
    }
    return NO_SUCH_IMAGE.matcher(message).find()
        ? DockerRefusal.Kind.NOT_FOUND
        : DockerRefusal.Kind.OTHER;
  }

  /** Docker's sentence without docker-java's wrapping: {@code Status 404: {"message":"..."}}. */
  private static String said(String what, RuntimeException e) {
    var text = String.valueOf(e.getMessage()).strip();
    var body = text.indexOf('{');
    try {
      var message =
          body < 0 ? "" : Json.MAPPER.readTree(text.substring(body)).path("message").asText();
      return what + ": Docker said: " + (message.isBlank() ? text : message.strip());
    } catch (JsonProcessingException notJson) {
      return what + ": Docker said: " + text;
    }
  }

  private static Throwable rootOf(Throwable e) {
    return e.getCause() == null ? e : rootOf(e.getCause());
  }
}
