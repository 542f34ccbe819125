package io.agentopia.toolbox.simulator.droplet;

/** What a change means for the machine behind the droplet. */
public sealed interface Effect {
  /** It is time for an address; answered with {@link Fact.AddressFound}. */
  record FindAddress() implements Effect {}

  /** The machine starts; whether user-data runs is up to the disk, as in life. */
  record PowerUp() implements Effect {}

  /**
   * @param graceful whether the operating system is asked first
   */
  record PowerDown(boolean graceful) implements Effect {}

  /** Machine and disk cease to be. */
  record Destroy() implements Effect {}
}
