package io.agentopia.toolbox.local;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStackTest {
  @TempDir Path dir;

  @Test
  void whatIsNotBuiltIsNamedWithTheWayToBuildIt() {
    var options = StackOptions.isolated(dir.resolve("checkout"), dir.resolve("data"));
    assertThatThrownBy(() -> LocalStack.start(options))
        .hasMessageContaining("not built: cloud-simulator, dtma-agent")
        .hasMessageContaining("./mvnw install -DskipTests");
  }

  @Test
  void aSecondStackInTheSameDirectoryIsRefusedUntilTheFirstIsGone() {
    var first = StackLock.take(dir);
    assertThatThrownBy(() -> LocalStack.start(StackOptions.isolated(dir, dir)))
        .hasMessageContaining("a stack already runs on " + dir);
    first.close();
    StackLock.take(dir).close();
  }
}
