package io.agentopia.toolbox.local.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceTest {
  private static final Map<String, String> TOLD = Map.of("SOURCE_DATE_EPOCH", "86400");
  private static final Instant NEXT_DAY = Instant.parse("1970-01-02T00:00:00Z");
  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource({
    "https://github.com/a/b.git, https://github.com/a/b",
    "https://x-access-token:secret@github.com/a/b, https://github.com/a/b",
    "git@github.com:a/b.git,",
    "/work/b,",
  })
  void aPageIsToldWithoutCredentials(String remote, String page) {
    assertThat(Source.page(remote).orElse(null)).isEqualTo(page);
  }

  @Test
  void withoutGitTheTimeIsTheOneThatWasTold() {
    var source = Source.of(dir, TOLD);
    assertThat(source.revision()).isEqualTo("unknown");
    assertThat(source.time()).isEqualTo(NEXT_DAY);
  }

  @Test
  void anEditedCheckoutIsNotItsCommit() throws Exception {
    Files.writeString(dir.resolve("a"), "1");
    git("init", "--quiet");
    git("add", "a");
    git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", "a");
    assertThat(Source.of(dir, Map.of()).revision()).matches("[0-9a-f]{40}");
    assertThat(Source.of(dir, TOLD).time()).isEqualTo(NEXT_DAY);

    Files.writeString(dir.resolve("a"), "2");

    assertThat(Source.of(dir, Map.of()).revision()).matches("[0-9a-f]{40}-dirty");
  }

  private void git(String... arguments) {
    var line = new java.util.ArrayList<>(List.of("git"));
    line.addAll(List.of(arguments));
    Command.run(dir, Map.of(), line).orFail("git " + String.join(" ", arguments));
  }
}
