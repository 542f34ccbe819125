package io.agentopia.toolbox.bench.subject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A repository whose build leaves in the gateway's target which revision was built. */
class SubjectsTest {
  @TempDir Path directory;
  private Path root;
  private Path work;

  @BeforeEach
  void twoRevisions() throws IOException {
    root = Files.createDirectory(directory.resolve("checkout"));
    work = Files.createDirectory(directory.resolve("work"));
    Command.run(root, "git", "init", "-q");
    for (var module : new String[] {"api-gateway", "cloud-simulator"}) {
      Files.createDirectory(root.resolve(module));
      Files.writeString(root.resolve(module).resolve("revision"), "old");
    }
    var build =
        "#!/bin/sh\nmkdir api-gateway/target\ncp api-gateway/revision api-gateway/target/\n";
    Files.writeString(root.resolve("mvnw"), build);
    Files.setPosixFilePermissions(
        root.resolve("mvnw"), PosixFilePermissions.fromString("rwxr-xr-x"));
    commit("old");
    Files.writeString(root.resolve("api-gateway").resolve("revision"), "new");
    Files.writeString(root.resolve("cloud-simulator").resolve("revision"), "new");
    commit("new");
  }

  private void commit(String message) {
    Command.run(root, "git", "add", "-A");
    Command.run(
        root, "git", "-c", "user.name=t", "-c", "user.email=t@t", "commit", "-q", "-m", message);
  }

  @Test
  void alonePartsAreTheCheckoutsOwn() {
    try (var subjects = new Subjects(root, null, work)) {
      assertThat(subjects.all()).hasSize(1);
      assertThat(subjects.all().getFirst().parts()).isEqualTo(root);
    }
  }

  @Test
  void theOtherRevisionsServicesMeetThisOnesCloud() throws IOException {
    Path checkout;
    try (var subjects = new Subjects(root, "HEAD~1", work)) {
      var other = subjects.all().getLast();
      checkout = other.checkout();

      assertThat(other.revision())
          .isEqualTo(Command.output(root, "git", "rev-parse", "--short", "HEAD~1"));
      assertThat(other.parts().resolve("api-gateway/target/revision")).hasContent("old");
      assertThat(other.parts().resolve("cloud-simulator/revision")).hasContent("new");
    }
    assertThat(checkout).doesNotExist();
    assertThat(root.resolve("api-gateway").resolve("revision")).hasContent("new");
  }

  @Test
  void aRevisionThatIsNoneIsRefused() {
    assertThatThrownBy(() -> new Subjects(root, "no-such-revision", work))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no-such-revision");
  }
}
