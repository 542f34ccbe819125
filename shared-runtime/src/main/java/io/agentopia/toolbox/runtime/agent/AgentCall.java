package io.agentopia.toolbox.runtime.agent;

import io.agentopia.toolbox.runtime.security.AgentKeys.InboundKey;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * One call, with one key after the other: while keys are rotated an agent may know the next one
 * later than we do, or the last one only.
 */
final class AgentCall {
  private static final int UNAUTHORIZED = 401;

  private final Vertx vertx;
  private final HttpClient http;
  private final HttpMethod method;
  private final AgentAddress agent;
  private final String path;
  private final Iterator<InboundKey> untried;
  private final Promise<AgentAnswer> outcome = Promise.promise();
  private volatile @Nullable HttpClientRequest underWay;

  AgentCall(
      Vertx vertx,
      HttpClient http,
      HttpMethod method,
      AgentAddress agent,
      String path,
      Iterator<InboundKey> untried) {
    this.vertx = vertx;
    this.http = http;
    this.method = method;
    this.agent = agent;
    this.path = path;
    this.untried = untried;
  }

  Future<AgentAnswer> within(Duration limit) {
    var seconds = limit.toMillis() / 1000.0;
    var timer =
        vertx.setTimer(limit.toMillis(), id -> giveUp("no whole answer within " + seconds + " s"));
    tryNextKey(limit);
    return outcome.future().onComplete(done -> vertx.cancelTimer(timer));
  }

  private void tryNextKey(Duration limit) {
    var request =
        new RequestOptions()
            .setMethod(method)
            .setHost(agent.ipv4())
            .setPort(agent.port())
            .setURI(path)
            .setConnectTimeout(limit.toMillis())
            .setFollowRedirects(false)
            .putHeader("Authorization", "Bearer " + untried.next().key());
    http.request(request)
        .onSuccess(connected -> send(connected, limit))
        .onFailure(e -> giveUp("the connection failed (" + e.getClass().getSimpleName() + ")"));
  }

  /**
   * The answer's reader is named on the connection's own thread, before the answer can come: what
   * comes earlier than its reader is lost.
   */
  private void send(HttpClientRequest request, Duration limit) {
    underWay = request;
    request.exceptionHandler(e -> giveUp("the connection broke"));
    if (outcome.future().isComplete()) {
      request.reset(); // the limit was reached while it connected
      return;
    }
    request
        .send()
        .onSuccess(response -> read(response, limit))
        .onFailure(e -> giveUp("the connection failed (" + e.getClass().getSimpleName() + ")"));
  }

  private void read(HttpClientResponse response, Duration limit) {
    if (response.statusCode() == UNAUTHORIZED && untried.hasNext()) {
      response.request().reset();
      tryNextKey(limit);
      return;
    }
    var body = Buffer.buffer();
    response
        .exceptionHandler(e -> giveUp("the connection broke in the middle of the answer"))
        .endHandler(
            end ->
                outcome.tryComplete(
                    new AgentAnswer(
                        response.statusCode(), response.getHeader("Content-Type"), body)))
        .handler(
            part -> {
              if (body.length() + part.length() > AgentClient.LARGEST_ANSWER) {
                giveUp("its answer is longer than " + AgentClient.LARGEST_ANSWER + " bytes");
              } else {
                body.appendBuffer(part);
              }
            });
  }

  /** Nothing of it is read any more; the first reason counts. */
  private void giveUp(String found) {
    outcome.tryFail(new AgentCallFailed(found));
    var request = underWay;
    if (request != null) {
      request.reset();
    }
  }
}
