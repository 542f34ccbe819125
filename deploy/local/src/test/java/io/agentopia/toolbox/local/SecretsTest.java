package io.agentopia.toolbox.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {
  @TempDir Path dir;

  @Test
  void theyAreMadeOnceAndReadByTheirOwnerOnly() throws Exception {
    var file = dir.resolve("secrets.properties");
    var made = Secrets.loadOrCreate(file);
    var read = Secrets.loadOrCreate(file);

    assertThat(read.get(Secrets.USER_API_KEY))
        .isEqualTo(made.get(Secrets.USER_API_KEY))
        .hasSizeGreaterThan(40)
        .isNotEqualTo(made.get(Secrets.OPERATOR_API_KEY));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void aSecretThatAnOlderFileLacksIsAddedAndTheOthersStay() throws Exception {
    var file = Files.writeString(dir.resolve("secrets.properties"), "user.api.key=mine\n");
    var secrets = Secrets.loadOrCreate(file);

    assertThat(secrets.get(Secrets.USER_API_KEY)).isEqualTo("mine");
    assertThat(Files.readString(file))
        .contains("user.api.key=mine")
        .contains(Secrets.SESSION_SECRET + "=" + secrets.get(Secrets.SESSION_SECRET));
  }
}
