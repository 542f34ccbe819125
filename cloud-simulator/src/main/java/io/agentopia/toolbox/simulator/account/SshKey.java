package io.agentopia.toolbox.simulator.account;

/** A public key of the account. */
public record SshKey(long id, String fingerprint, String publicKey, String name) {

  public boolean isCalled(String idOrFingerprint) {
    return Long.toString(id).equals(idOrFingerprint) || fingerprint.equals(idOrFingerprint);
  }
}
