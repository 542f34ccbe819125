package io.agentopia.toolbox.simulator.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.PullResponseItem;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an engine says of images that it cannot have: the same on any engine. */
abstract class RefusedPulls {
  private static final String DIGEST = "sha256:" + "a".repeat(64);

  abstract DockerClient docker();

  /** Is a registry of this test at the same loopback address for the engine? */
  abstract boolean isOnThisMachine();

  private DockerException refused(String image) {
    var refusal =
        catchThrowableOfType(
            DockerException.class,
            () ->
                docker()
                    .pullImageCmd(image)
                    .exec(new ResultCallback.Adapter<PullResponseItem>())
                    .awaitCompletion(60, TimeUnit.SECONDS));
    assertThat(refusal).as("a refusal of " + image).isNotNull();
    assertThat(catchThrowableOfType(NotFoundException.class, () -> inspect(image)))
        .as(image + " is not there")
        .isNotNull();
    return refusal;
  }

  private void inspect(String image) {
    docker().inspectImageCmd(image).exec();
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:1/nosuch/image:1",
    "127.0.0.1:1/nosuch/image",
    "127.0.0.1:1/image:1",
    "127.0.0.1:1/image@DIGEST",
    "127.0.0.2:1/image:1",
    "localhost:1/a/b/image:1"
  })
  void whereNothingListens(String image) {
    var refusal = refused(image.replace("DIGEST", DIGEST));

    assertThat(refusal.getHttpStatus()).isEqualTo(500);
    assertThat(refusal).hasMessageContaining("dial tcp").hasMessageContaining("connection refused");
  }

  @ParameterizedTest
  @CsvSource({
    "registry.invalid/tool:1, registry.invalid",
    "registry.invalid:5000/tool:1, registry.invalid",
    "a.b.invalid/team/tool@DIGEST, a.b.invalid",
    "registry.test/tool, registry.test",
    "registry.example/tool:1, registry.example",
    "registry.local.test:443/tool:1, registry.local.test"
  })
  void ofAHostThatNobodyCanHave(String image, String host) {
    var refusal = refused(image.replace("DIGEST", DIGEST));

    assertThat(refusal.getHttpStatus()).isEqualTo(500);
    // What a resolver says of them is its own affair; no engine gets past it.
    assertThat(refusal.getMessage())
        .contains("lookup " + host)
        .containsPattern("no such host|server misbehaving|i/o timeout");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:1/tool@sha256:abc",
    "127.0.0.1:1/tool@sha256:",
    "tool@sha256:zz",
    "tool@md5",
    "acme/Tool:1",
    "acme//tool:1",
    "-acme/tool:1",
    "acme/tool_:1",
    "acme/tool:1:2",
    "acme/tool:-1"
  })
  void ofAReferenceThatIsNone(String image) {
    var refusal = refusedAsNonsense(image);

    assertThat(refusal.getHttpStatus()).isEqualTo(400);
    assertThat(refusal).hasMessageContaining("invalid reference format");
  }

  @Test
  void ofANameThatIsTooLong() {
    var refusal = refusedAsNonsense("a".repeat(256) + ":1");

    assertThat(refusal.getHttpStatus()).isEqualTo(400);
    assertThat(refusal).hasMessageContaining("must not be more than 255 characters");
  }

  private DockerException refusedAsNonsense(String image) {
    return catchThrowableOfType(
        DockerException.class,
        () ->
            docker()
                .pullImageCmd(image)
                .exec(new ResultCallback.Adapter<PullResponseItem>())
                .awaitCompletion(60, TimeUnit.SECONDS));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "404 | {'errors':[{'code':'MANIFEST_UNKNOWN','message':'manifest unknown','detail':{'Tag':'1'}}]} | 404 | not found",
        "404 | {'errors':[{'code':'MANIFEST_UNKNOWN','message':'no such tag here'}]} | 404 | not found",
        "404 | {'errors':[{'code':'NAME_UNKNOWN','message':'repository name not known to registry','detail':{'name':'a'}}]} | 404 | not found",
        "403 | {'errors':[{'code':'DENIED','message':'requested access to the resource is denied','detail':'no'}]} | 404 | denied",
        "404 | {'errors':[{'code':'MANIFEST_UNKNOWN','message':'manifest unknown'}]} | 500 | manifest unknown",
        "404 | {'errors':[{'code':'NAME_UNKNOWN','message':'repository name not known to registry'}]} | 500 | name unknown",
        "404 | {'errors':[{'code':'UNSUPPORTED','message':'x'}]} | 500 | unsupported: x",
        "404 | {'errors':[]} | 500 | error parsing HTTP 404 response body",
        "404 | {} | 500 | error parsing HTTP 404 response body: no error details found in HTTP response body",
        "404 | <html> | 500 | error parsing HTTP 404 response body: invalid character '<' looking for beginning of value",
        "404 | `` | 500 | error parsing HTTP 404 response body: unexpected end of JSON input",
        "401 | {'errors':[{'code':'UNAUTHORIZED','message':'authentication required'}]} | 500 | unauthorized",
        "401 | <html> | 500 | unauthorized: authentication required",
        "403 | {'errors':[{'code':'DENIED','message':'requested access to the resource is denied'}]} | 500 | denied",
        "429 | {'errors':[{'code':'TOOMANYREQUESTS','message':'slow down'}]} | 429 or 500 | toomanyrequests: slow down",
        "500 | {} | 500 | received unexpected HTTP status: 500 Internal Server Error",
        "503 | <html> | 500 | received unexpected HTTP status: 503 Service Unavailable"
      })
  void thatARegistryOfThisMachineRefuses(
      int status, String body, String expected, String sentence) {
    assumeTrue(isOnThisMachine(), "the engine has another loopback address");
    try (var registry = new LocalRegistry()) {
      registry.answer(status, body.replace('\'', '"'));

      for (var reference : new String[] {":1", "", "@" + DIGEST}) {
        var refusal = refused(registry.repository("acme/tool") + reference);

        assertThat(expected.split(" or ")).contains(Integer.toString(refusal.getHttpStatus()));
        assertThat(refusal).hasMessageContaining(sentence.replace("\"", "\\\""));
      }
    }
  }

  @Test
  void thatARegistryOfThisMachineHasForThoseItKnows() {
    assumeTrue(isOnThisMachine(), "the engine has another loopback address");
    try (var registry = new LocalRegistry()) {
      registry.askWho();

      var refusal = refused(registry.repository("acme/tool") + ":1");

      assertThat(refusal.getHttpStatus()).isEqualTo(500);
      assertThat(refusal).hasMessageContaining("no basic auth credentials");
    }
  }

  @Test
  void whoseContentIsAnothers() throws InterruptedException {
    assumeTrue(isOnThisMachine(), "the engine has another loopback address");
    try (var registry = new LocalRegistry()) {
      registry.manifest("acme/tool", "1");
      registry.answerAnyDigest();

      var image = registry.repository("acme/tool") + "@" + DIGEST;
      var errors = new CopyOnWriteArrayList<String>();
      docker()
          .pullImageCmd(image)
          .exec(
              new ResultCallback.Adapter<PullResponseItem>() {
                @Override
                public void onNext(PullResponseItem item) {
                  if (item.getErrorDetail() != null) {
                    errors.add(item.getErrorDetail().getMessage());
                  }
                }
              })
          .awaitCompletion(60, TimeUnit.SECONDS);

      // Here the answer has begun with 200: the error is in the stream.
      assertThat(errors).containsExactly("manifest verification failed for digest " + DIGEST);
      assertThat(catchThrowableOfType(NotFoundException.class, () -> inspect(image))).isNotNull();
    }
  }
}
