package io.agentopia.toolbox.gateway.account;

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

  public boolean mayChange(String accountId) {
    return this.accountId.equals(accountId);
  }
}
