package io.agentopia.toolbox.runtime.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.runtime.security.AgentKeys.InboundKey;
import java.time.Clock;
import java.util.Base64;
import java.util.HashSet;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AgentKeysTest {
  private static final UUID TOOLBOX = UUID.fromString("0199a2b4-0000-7000-8000-000000000001");
  private static final String MASTER = "master-key-of-the-platform";
  private final AgentKeys keys =
      new AgentKeys(
          new KeyRings(Optional.empty(), Optional.empty(), Optional.of(MASTER)), Clock.systemUTC());

  @Test
  void theSameToolboxAndEpochAlwaysGetTheSameKeyOf32Bytes() {
    var key = AgentKeys.derive(MASTER, TOOLBOX, 1);
    assertThat(keys.inboundKeys(TOOLBOX, 1)).extracting(InboundKey::key).containsExactly(key);
    assertThat(Base64.getUrlDecoder().decode(key)).hasSize(32);
  }

  @Test
  void anotherToolboxEpochOrMasterGetsAnotherKey() {
    var all = new HashSet<String>();
    all.add(AgentKeys.derive(MASTER, TOOLBOX, 1));
    all.add(AgentKeys.derive(MASTER, TOOLBOX, 2));
    all.add(AgentKeys.derive(MASTER, UUID.randomUUID(), 1));
    all.add(AgentKeys.derive("another", TOOLBOX, 1));
    assertThat(all).hasSize(4);
  }

  @Test
  void onlyTheHolderOfTheToolboxesKeyCanProveAText() {
    var proof = AgentKeys.proof(AgentKeys.derive(MASTER, TOOLBOX, 1), "text");
    assertThat(keys.proves(TOOLBOX, 1, "text", proof)).isTrue();
    assertThat(keys.proves(TOOLBOX, 2, "text", proof)).isFalse();
    assertThat(keys.proves(UUID.randomUUID(), 1, "text", proof)).isFalse();
    assertThat(keys.proves(TOOLBOX, 1, "another text", proof)).isFalse();
    assertThat(keys.proves(TOOLBOX, 1, "text", null)).isFalse();
  }
}
