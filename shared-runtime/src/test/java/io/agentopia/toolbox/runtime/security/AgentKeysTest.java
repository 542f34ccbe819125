package io.agentopia.toolbox.runtime.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.HashSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AgentKeysTest {
  private static final UUID TOOLBOX = UUID.fromString("0199a2b4-0000-7000-8000-000000000001");
  private final AgentKeys keys = new AgentKeys("master-key-of-the-platform");

  @Test
  void theSameToolboxAndEpochAlwaysGetTheSameKeyOf32Bytes() {
    var key = keys.inboundKey(TOOLBOX, 1);
    assertThat(key).isEqualTo(new AgentKeys("master-key-of-the-platform").inboundKey(TOOLBOX, 1));
    assertThat(Base64.getUrlDecoder().decode(key)).hasSize(32);
  }

  @Test
  void anotherToolboxEpochOrMasterGetsAnotherKey() {
    var all = new HashSet<String>();
    all.add(keys.inboundKey(TOOLBOX, 1));
    all.add(keys.inboundKey(TOOLBOX, 2));
    all.add(keys.inboundKey(UUID.randomUUID(), 1));
    all.add(new AgentKeys("another").inboundKey(TOOLBOX, 1));
    assertThat(all).hasSize(4);
  }
}
