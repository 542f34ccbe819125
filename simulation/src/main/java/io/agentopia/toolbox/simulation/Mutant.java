package io.agentopia.toolbox.simulation;

/**
 * One protection taken away. A run without it must break an invariant, or the invariants are
 * toothless.
 */
enum Mutant {
  NONE,
  /** A record that was handled before is handled again. */
  SKIP_INBOX,
  /** What was committed but not published yet is lost with its process. */
  FORGET_OUTBOX,
  /** What the broker refuses for good is tried again and again, and what is behind it waits. */
  REFUSED_HOLDS_UP,
  /** What the broker refuses for good is taken for published. */
  REFUSED_IS_FORGOTTEN,
  /** Of records that are handled together, one that cannot be handled takes the others along. */
  BATCH_FAILS_TOGETHER,
  /** Events go out before the transaction that makes them true, which may then fail. */
  PUBLISH_BEFORE_COMMIT,
  /** A create without a clear answer counts as not made, and is made again without a look-up. */
  UNSURE_AS_DEFERRED,
  /** Nobody waits for the cloud's list to catch up. */
  NO_LISTING_LAG,
  /** Deleting what is gone counts as a failure. */
  ABSENT_AS_DEFERRED,
  /** Instances go by the clocks of their machines. */
  MACHINES_CLOCK,
  /** However many are silent together, each is called degraded. */
  NO_SILENCE_HOLD,
  /** A rollout asks many at once, whom nobody has tried the image for. */
  NO_CANARIES,
  /** A rollout begins whatever others are under way. */
  ROLLOUTS_BESIDE,
  /** Passed deadlines are told to nobody. */
  DROP_DEADLINES,
  /** The results of a step that others have overtaken count as new. */
  NO_RESULT_FENCE,
  /** Verdicts on a droplet that was replaced count for its successor. */
  NO_HEALTH_FENCE,
  /** A remedy counts whenever it comes, and for whatever droplet there is then. */
  NO_REMEDY_FENCE,
  /** The agent takes any manifest it is given. */
  NO_MANIFEST_FENCE,
  /** What no toolbox owns stays in the cloud. */
  NO_ORPHAN_SWEEP,
  /** Before a droplet is called an orphan nobody asks who owns it. */
  NO_OWNERS_ASKED,
  /** Calls to the cloud are not counted. */
  NO_CALL_BUDGET,
  /** Watching may use up every call, and nothing is left to creating and deleting. */
  NO_CALL_PRIORITY,
  /** A failed create's droplet is left where it is. */
  NO_CLEANUP,
  /** The agent leaves containers alone that nobody wants. */
  NO_CONTAINER_REMOVAL,
  /** The droplet keeps whatever image of the agent is asked for, sound or not. */
  NO_AGENT_TRIAL,
  /** The agent is not told that the droplet gave up an image. */
  GIVEN_UP_IMAGE_IS_FORGOTTEN
}
