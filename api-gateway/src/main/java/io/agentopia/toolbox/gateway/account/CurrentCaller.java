package io.agentopia.toolbox.gateway.account;

import jakarta.enterprise.context.RequestScoped;

/** The caller of the request that is being answered; set by {@link Authentication}. */
@RequestScoped
public class CurrentCaller {
  private Caller caller;

  public Caller get() {
    if (caller == null) {
      throw new IllegalStateException("this address was reached without authentication");
    }
    return caller;
  }

  void set(Caller caller) {
    this.caller = caller;
  }
}
