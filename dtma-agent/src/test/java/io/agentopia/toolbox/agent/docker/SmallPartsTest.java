package io.agentopia.toolbox.agent.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.exception.DockerClientException;
import io.agentopia.toolbox.agent.tools.ImageReference;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmallPartsTest {
  @ParameterizedTest
  @CsvSource({
    "debian,                          debian,                     latest",
    "debian:bookworm-slim,            debian,                     bookworm-slim",
    "docker.io/library/debian:12,     docker.io/library/debian,   12",
    "localhost:5000/tool,             localhost:5000/tool,        latest",
    "localhost:5000/tool:1,           localhost:5000/tool,        1",
    "ghcr.io/a/b@sha256:0123,         ghcr.io/a/b@sha256:0123,    "
  })
  void an_image_reference_never_means_all_tags(String image, String repository, String tag) {
    assertThat(ImageReference.parse(image)).isEqualTo(new ImageReference(repository, tag));
  }

  @ParameterizedTest
  @CsvSource({
    "debian,                              debian:latest,             debian",
    "library/debian:12,                   debian:12,                 debian",
    "docker.io/library/debian:12,         debian:12,                 debian",
    "index.docker.io/agentopia/tool,      agentopia/tool:latest,     agentopia/tool",
    "localhost:5000/library/tool,         localhost:5000/library/tool:latest, localhost:5000/library/tool",
    "ghcr.io/a/b@sha256:0123,             ghcr.io/a/b@sha256:0123,   ghcr.io/a/b",
    "docker.io/a/b:1@sha256:0123,         a/b@sha256:0123,           a/b"
  })
  void an_image_reference_is_compared_as_docker_lists_it(
      String image, String familiar, String repository) {
    assertThat(ImageReference.familiar(image)).isEqualTo(familiar);
    assertThat(ImageReference.familiar(familiar)).isEqualTo(familiar);
    assertThat(ImageReference.repositoryOf(image)).isEqualTo(repository);
  }

  @Test
  void a_log_that_fits_is_whole() {
    assertThat(tail(100, "one\n", "two\n")).isEqualTo("one\ntwo\n");
  }

  @Test
  void a_log_that_does_not_fit_begins_with_a_whole_line() {
    assertThat(tail(10, "first line\n", "second\n", "x\n")).isEqualTo("second\nx\n");
  }

  @Test
  void one_endless_line_is_cut_at_the_front() {
    assertThat(tail(4, "abcdefghij")).isEqualTo("ghij");
  }

  @Test
  void labels_are_read_from_one_line() {
    assertThat(Labels.parse("a=b, c.d=e=f,")).isEqualTo(Map.of("a", "b", "c.d", "e=f"));
    assertThatThrownBy(() -> Labels.parse("a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("DTMA_EXTRA_LABELS");
  }

  private static String tail(int max, String... parts) {
    var buffer = new LogBuffer(max);
    for (var part : parts) {
      buffer.add(part.getBytes(StandardCharsets.UTF_8));
    }
    return buffer.text();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "failed to register layer: Error processing tar file(exit status 1): archive/tar: invalid tar header | TOO_OLD",
        "unsupported compression type zstd | TOO_OLD",
        "manifest for x:1 not found: manifest unknown | NOT_FOUND",
        "manifest for x/zstd:1 not found: manifest unknown | NOT_FOUND",
        "pull access denied for zstd, repository does not exist | NOT_FOUND",
        "toomanyrequests: too many requests | OTHER"
      })
  void what_a_refused_pull_means(String said, DockerRefusal.Kind kind) {
    assertThatThrownBy(
            () ->
                DockerErrors.ask(
                    "pulling image x:1",
                    () -> {
                      throw new DockerClientException(said);
                    }))
        .isInstanceOfSatisfying(
            DockerRefusal.class, refusal -> assertThat(refusal.kind()).isEqualTo(kind));
  }
}
