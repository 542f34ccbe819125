package io.agentopia.toolbox.bench.subject;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MavenArgsTest {
  private static final Path HOME = Path.of("/home/somebody");
  private static final Path OWN = Path.of("/tmp/own");

  @Test
  void whatIsInstalledGoesToARepositoryOfItsOwn() {
    assertThat(MavenArgs.apart(null, HOME, OWN))
        .isEqualTo(
            "-Dmaven.repo.local=/tmp/own -Dmaven.repo.local.tail=/home/somebody/.m2/repository");
  }

  @Test
  void aRepositoryThatIsNamedIsWhereTheRestIsLookedFor() {
    assertThat(MavenArgs.apart("-o -Dmaven.repo.local=/srv/m2 -q", HOME, OWN))
        .isEqualTo("-o  -q -Dmaven.repo.local=/tmp/own -Dmaven.repo.local.tail=/srv/m2");
  }
}
