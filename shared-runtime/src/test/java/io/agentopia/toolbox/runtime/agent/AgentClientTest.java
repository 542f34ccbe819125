package io.agentopia.toolbox.runtime.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentopia.toolbox.runtime.security.AgentKeys;
import io.agentopia.toolbox.runtime.security.KeyRings;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever answers at an agent's address: it gets the one call, and can do no harm with it. */
class AgentClientTest {
  private static final UUID TOOLBOX = UUID.fromString("0199a2b4-0000-7000-8000-000000000001");
  private static final String MASTER = "master-key-of-the-platform";
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Vertx VERTX = Vertx.vertx();

  private final AgentClient client =
      new AgentClient(
          VERTX,
          new AgentKeys(
              new KeyRings(Optional.empty(), Optional.empty(), Optional.of(MASTER)),
              Clock.systemUTC()));

  @AfterAll
  static void stop() {
    VERTX.close();
  }

  /** A server that says what it is told to, to whoever connects. */
  private static final class Droplet implements AutoCloseable {
    interface Answer {
      void to(OutputStream caller) throws IOException, InterruptedException;
    }

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final CountDownLatch hungUp = new CountDownLatch(1);

    Droplet(Answer answer) throws IOException {
      Thread.ofVirtual().start(() -> serve(answer));
    }

    static Droplet saying(String answer) throws IOException {
      return new Droplet(caller -> caller.write(answer.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private void serve(Answer answer) {
      while (!socket.isClosed()) {
        try (var caller = socket.accept()) {
          heard.add(request(caller));
          answer.to(caller.getOutputStream());
        } catch (IOException e) {
          hungUp.countDown();
        } catch (InterruptedException e) {
          return;
        }
      }
    }

    private static String request(Socket caller) throws IOException {
      var text = new StringBuilder();
      while (!text.toString().endsWith("\r\n\r\n")) {
        var read = caller.getInputStream().read();
        if (read < 0) {
          break;
        }
        text.append((char) read);
      }
      return text.toString();
    }

    AgentAddress address() {
      return new AgentAddress(TOOLBOX, 3, "127.0.0.1", socket.getLocalPort());
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static String http(String status, String type, String body) {
    return "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
        .formatted(status, type, body.length(), body);
  }

  private String found(Droplet droplet, Duration limit) {
    var thrown =
        org.assertj.core.api.Assertions.catchThrowable(
            () -> client.get(droplet.address(), "/status", limit).await().atMost(LONG));
    assertThat(thrown).isInstanceOf(AgentCallFailed.class);
    return thrown.getMessage();
  }

  @Test
  void isCalledWithTheKeyOfItsToolboxAndGeneration() throws Exception {
    try (var agent =
        Droplet.saying(http("200 OK", "application/json; charset=utf-8", "{\"a\": 1}"))) {
      var document = client.get(agent.address(), "/status", LONG).await().atMost(LONG);
      assertThat(document.path("a").asInt()).isEqualTo(1);
      assertThat(agent.heard).hasSize(1);
      assertThat(agent.heard.getFirst().toLowerCase(java.util.Locale.ROOT))
          .startsWith("get /status http/1.1\r\n")
          .contains(
              ("authorization: bearer " + AgentKeys.derive(MASTER, TOOLBOX, 3) + "\r\n")
                  .toLowerCase(java.util.Locale.ROOT));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"})
  void aRedirectIsNotFollowed(String status) throws Exception {
    try (var elsewhere = Droplet.saying(http("200 OK", "application/json", "{}"));
        var droplet =
            Droplet.saying(
                "HTTP/1.1 %s\r\nLocation: http://%s/status\r\nContent-Length: 0\r\n\r\n"
                    .formatted(status, elsewhere.address()))) {
      assertThat(found(droplet, LONG)).isEqualTo("it answered with HTTP " + status.substring(0, 3));
      assertThat(elsewhere.heard).as("calls that carry the key").isEmpty();
    }
  }

  @Test
  void anEndlessBodyIsCutOff() throws Exception {
    var piece = " ".repeat(8192).getBytes(StandardCharsets.US_ASCII);
    try (var droplet =
        new Droplet(
            caller -> {
              caller.write(
                  "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
                      .getBytes(StandardCharsets.US_ASCII));
              while (true) {
                caller.write(piece);
              }
            })) {
      assertThat(found(droplet, LONG)).isEqualTo("its answer is longer than 262144 bytes");
      assertThat(droplet.hungUp.await(30, TimeUnit.SECONDS))
          .as("the connection is closed")
          .isTrue();
    }
  }

  @Test
  void aBodyThatDripsForEverEndsAtTheLimitOfTheWholeCall() throws Exception {
    try (var droplet =
        new Droplet(
            caller -> {
              caller.write(
                  "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
                      .getBytes(StandardCharsets.US_ASCII));
              for (var drop = 0; ; drop++) {
                caller.write(' ');
                TimeUnit.MILLISECONDS.sleep(20);
              }
            })) {
      assertThat(found(droplet, SHORT)).isEqualTo("no whole answer within 0.3 s");
      assertThat(droplet.hungUp.await(30, TimeUnit.SECONDS))
          .as("the connection is closed")
          .isTrue();
    }
  }

  @Test
  void silenceEndsAtTheLimit() throws Exception {
    var over = new CountDownLatch(1);
    try (var droplet = new Droplet(caller -> over.await())) {
      assertThat(found(droplet, SHORT)).isEqualTo("no whole answer within 0.3 s");
    } finally {
      over.countDown();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"text/html", "text/plain", "application/jsonp", "application/problem+json", ""})
  void anotherTypeIsNotHandedOn(String type) throws Exception {
    try (var droplet = Droplet.saying(http("200 OK", type, "{}"))) {
      assertThat(found(droplet, LONG)).isEqualTo("its answer is no JSON");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "<html>", "{\"a\": \"\u0001\"}"})
  void whatOnlyClaimsToBeJsonIsNotHandedOn(String body) throws Exception {
    try (var droplet = Droplet.saying(http("200 OK", "application/json", body))) {
      assertThat(found(droplet, LONG)).isEqualTo("its answer is no JSON");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"})
  void whatIsNoWholeHttpIsAFailure(String said) throws Exception {
    try (var droplet = Droplet.saying(said)) {
      assertThat(found(droplet, LONG)).startsWith("the connection ");
    }
  }

  @Test
  void whereNobodyListensTheCallFails() throws Exception {
    var droplet = Droplet.saying("");
    droplet.close();
    assertThat(found(droplet, LONG)).startsWith("the connection failed");
    assertThatThrownBy(() -> client.post(droplet.address(), "/wake", LONG).await().atMost(LONG))
        .isInstanceOf(AgentCallFailed.class);
  }

  /** Answers that come at once: none may come before its reader. */
  @Test
  void noAnswerIsMissedHoweverFastItComes() throws Exception {
    try (var agent = Droplet.saying(http("200 OK", "application/json", "{}"))) {
      for (var i = 0; i < 300; i++) {
        client.get(agent.address(), "/status", LONG).await().atMost(LONG);
      }
    }
  }

  @Test
  void theStatusOfACallWithoutABodyIsToldWhateverItIs() throws Exception {
    try (var droplet = Droplet.saying(http("202 Accepted", "text/plain", ""))) {
      assertThat(client.post(droplet.address(), "/wake", LONG).await().atMost(LONG)).isEqualTo(202);
    }
  }
}
