package io.agentopia.toolbox.gateway;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts the gateway. */
@QuarkusMain
public class Gateway {
  /**
   * The framework would answer a broken address with an empty 400 before anybody of ours sees it;
   * EarlyRefusals looks at each address instead. The setting is read but once, and only from here.
   */
  private static final String NO_VALIDATION_BELOW = "vertx.disableURIValidation";

  private Gateway() {}

  public static void main(String[] args) {
    System.setProperty(NO_VALIDATION_BELOW, "true");
    Quarkus.run(args);
  }
}
