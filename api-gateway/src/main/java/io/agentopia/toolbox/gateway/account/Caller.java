package io.agentopia.toolbox.gateway.account;

import io.agentopia.toolbox.runtime.http.Problem;

/** Who asks. */
public record Caller(String accountId, Role role) {

  public enum Role {
    USER,
    /** May read every account's toolboxes. */
    OPERATOR
  }

  public boolean maySee(String accountId) {
    return role == Role.OPERATOR || this.accountId.equals(accountId);
  }

  public void requireOperator() {
    if (role != Role.OPERATOR) {
      throw Problem.of(
              403,
              "forbidden",
              "Not allowed",
              "This address is for operators; the API key is a user's.",
              "Use an operator's API key.")
          .exception();
    }
  }

  public boolean mayChange(String accountId) {
    return this.accountId.equals(accountId);
  }
}
