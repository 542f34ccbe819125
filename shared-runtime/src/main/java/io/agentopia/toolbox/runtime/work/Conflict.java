package io.agentopia.toolbox.runtime.work;

import jakarta.persistence.OptimisticLockException;
import org.hibernate.StaleStateException;

/**
 * Tells whether a transaction failed because another one changed its row first. The loser reads
 * again and decides anew; Hibernate has two names for it, by where in the flush it notices.
 */
public final class Conflict {
  /** With so many in a row the fault is not chance. */
  public static final int RETRIES = 5;

  private Conflict() {}

  public static boolean is(Throwable thrown) {
    return thrown instanceof StaleStateException || thrown instanceof OptimisticLockException;
  }
}
