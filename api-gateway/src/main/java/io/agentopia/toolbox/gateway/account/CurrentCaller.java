package io.agentopia.toolbox.gateway.account;

import jakarta.enterprise.context.RequestScoped;

/** The caller of the request that is being answered; set by {@link Authentication}. */
@RequestScoped
public class CurrentCaller {
  private Caller caller;
  private String keyHash;

  public Caller get() {
    if (caller == null) {
      throw new IllegalStateException("this address was reached without authentication");
    }
    return caller;
  }

  /** The key that was shown, or that the session is of: what goes on for long asks for it again. */
  public String keyHash() {
    get();
    return keyHash;
  }

  void set(Caller caller, String keyHash) {
    this.caller = caller;
    this.keyHash = keyHash;
  }
}
