package io.agentopia.toolbox.agent.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentopia.toolbox.agent.json.Json;
import io.agentopia.toolbox.agent.tools.PulledImage;
import io.agentopia.toolbox.agent.tools.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileTest {
  private static final AgentState JOINED =
      AgentState.fresh()
          .withNonce("n")
          .joined(
              new Identity(Samples.TOOLBOX, "acct-demo", 3, "token", Samples.NOW, "key", null, 10))
          .sawManifest(7)
          .appliedManifest(6)
          .restarted(Samples.SEARCH, 2)
          .handled("command-1")
          .pulled("sha256:a", "docker.io/library/debian:12");

  @TempDir Path temp;
  private Path directory;
  private StateFile file;

  @BeforeEach
  void aDirectoryThatDoesNotExistYet() {
    directory = temp.resolve("dtma");
    file = new StateFile(directory);
  }

  @Test
  void what_was_written_is_read_again() throws IOException {
    file.write(JOINED);
    assertThat(file.read()).contains(JOINED);
  }

  @Test
  void there_is_nothing_before_the_first_write() throws IOException {
    assertThat(file.read()).isEmpty();
  }

  @Test
  void only_the_owner_may_read_it() throws IOException {
    file.write(JOINED);
    file.write(JOINED.sawManifest(8));
    assertThat(mode(file.path())).isEqualTo("rw-------");
    assertThat(mode(directory)).isEqualTo("rwx------");
  }

  @Test
  void a_write_cut_short_by_a_crash_leaves_the_old_state() throws IOException {
    file.write(JOINED);
    Files.writeString(directory.resolve("agent.json.new"), "{\"nonce\":\"ha");
    assertThat(file.read()).contains(JOINED);
    file.write(JOINED.sawManifest(9));
    assertThat(file.read().orElseThrow().progress().highestManifest()).isEqualTo(9);
    assertThat(Files.list(directory)).containsExactly(file.path());
  }

  @Test
  void a_torn_file_is_not_taken_for_a_state() throws IOException {
    file.write(JOINED);
    var whole = Files.readString(file.path());
    for (var length : new int[] {0, 1, whole.length() / 2, whole.length() - 1}) {
      Files.writeString(file.path(), whole.substring(0, length));
      assertThatThrownBy(file::read)
          .isInstanceOf(StateFile.UnreadableStateException.class)
          .hasMessageNotContaining("token");
    }
  }

  @Test
  void a_torn_file_is_set_aside_and_the_agent_begins_anew() throws IOException {
    file.write(JOINED);
    Files.writeString(file.path(), "{\"nonce\"");
    var store = StateStore.open(file);
    assertThat(store.current()).isEqualTo(AgentState.fresh());
    assertThat(directory.resolve("agent.json.unreadable")).exists();
    store.update(s -> s.withNonce("again"));
    assertThat(file.read().orElseThrow().membership().nonce()).isEqualTo("again");
  }

  @Test
  void a_change_that_did_not_reach_the_disk_is_not_made() throws IOException {
    file.write(JOINED);
    var store = StateStore.open(file);
    breakDirectory();
    assertThatThrownBy(() -> store.update(s -> s.sawManifest(99))).isInstanceOf(IOException.class);
    assertThat(store.current()).isEqualTo(JOINED);
  }

  @Test
  void what_tools_depend_on_is_kept_in_memory_when_the_disk_refuses() throws IOException {
    file.write(JOINED);
    var store = StateStore.open(file);
    breakDirectory();
    store.updateAnyway(s -> s.sawManifest(99));
    assertThat(store.current().progress().highestManifest()).isEqualTo(99);
  }

  @Test
  void secrets_go_when_the_toolbox_is_deleted() {
    var deleted = JOINED.asDeleted();
    assertThat(deleted.membership().deleted()).isTrue();
    assertThat(deleted.identity().isComplete()).isFalse();
    assertThat(deleted.identity().toolboxId()).isEqualTo(Samples.TOOLBOX);
  }

  @Test
  void a_lower_manifest_does_not_lower_the_highest() {
    assertThat(JOINED.sawManifest(2).progress().highestManifest()).isEqualTo(7);
  }

  @Test
  void only_the_last_commands_are_remembered() {
    var state = AgentState.fresh();
    for (var i = 0; i < 50; i++) {
      state = state.handled("c" + i);
    }
    assertThat(state.progress().handledCommands())
        .hasSize(20)
        .contains("c49")
        .doesNotContain("c29");
  }

  @Test
  void restarts_of_forgotten_tools_are_forgotten() {
    var other = UUID.randomUUID();
    var state = JOINED.restarted(other, 1).keepingRestartsOf(java.util.List.of(other));
    assertThat(state.progress().restartsDone()).containsOnlyKeys(other);
  }

  /** Images of the agent come and go, the file stays: members are added, and none is renamed. */
  @Test
  void a_file_is_written_as_the_first_agents_wrote_it_and_read() throws IOException {
    var older =
        """
        {"nonce":null,"identity":{"toolboxId":"%s","accountId":"acct-demo","generation":3,
         "agentToken":"token","agentTokenExpiresAt":"%s","inboundKey":"key",
         "inboundKeys":[{"id":null,"key":"key","notAfter":null}],"heartbeatSeconds":10},
         "highestManifest":7,"appliedManifest":6,"restartsDone":{"%s":2},
         "handledCommands":["command-1"],"deleted":false,
         "pulledImages":{"sha256:a":{"references":["debian:12"],"unusedSince":null}},
         "moves":{"former":null,"failed":null},"starts":0,"backendUrls":[]}
        """
            .formatted(Samples.TOOLBOX, Samples.NOW, Samples.SEARCH);
    Files.createDirectories(directory);
    Files.writeString(file.path(), older);
    assertThat(file.read()).contains(JOINED);
    file.write(JOINED);
    assertThat(Json.MAPPER.readTree(file.path().toFile())).isEqualTo(Json.MAPPER.readTree(older));
  }

  @Test
  void a_file_from_before_images_were_remembered_is_read() throws IOException {
    file.write(JOINED);
    var older = (ObjectNode) Json.MAPPER.readTree(file.path().toFile());
    older.remove("pulledImages");
    Files.writeString(file.path(), older.toString());
    assertThat(file.read().orElseThrow().identity()).isEqualTo(JOINED.identity());
    assertThat(file.read().orElseThrow().pulledImages()).isEmpty();
  }

  @Test
  void an_image_pulled_by_two_names_is_remembered_by_both_and_is_about_to_be_used() {
    var unused = JOINED.pulledImages().get("sha256:a").unused(Samples.NOW);
    var state =
        JOINED
            .withPulledImages(Map.of("sha256:a", unused), Set.of())
            .pulled("sha256:a", "mirror.example/debian:12");
    assertThat(state.pulledImages())
        .containsOnly(
            entry(
                "sha256:a",
                new PulledImage(Set.of("debian:12", "mirror.example/debian:12"), null)));
  }

  @Test
  void no_secret_shows_in_words() {
    assertThat(JOINED.toString()).doesNotContain("token", "key");
    assertThat(JOINED.identity().toString()).doesNotContain("token", "key");
  }

  /** A file in the directory's place stops even root. */
  private void breakDirectory() throws IOException {
    Files.delete(file.path());
    Files.delete(directory);
    Files.writeString(directory, "not a directory");
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
