package io.agentopia.toolbox.local;

import io.agentopia.toolbox.local.droplets.Droplets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Where a stack is, and how it is started. Never changed: each {@code with} gives another one. */
public final class StackOptions implements Cloneable {
  private static final Map<String, String> NO_QUOTAS =
      Map.of(
          "GATEWAY_QUOTAS_TOOLBOXES", "100000",
          "GATEWAY_QUOTAS_REQUESTS_PER_MINUTE", "1000000",
          "GATEWAY_QUOTAS_STREAMS", "1000",
          "GATEWAY_AGENT_CALLS_PER_MINUTE", "1000000");

  private final Path dir;
  private final Path repository;
  private boolean usualPorts;
  private int instances = 1;
  private Droplets droplets = Droplets.PROCESS;
  private boolean recording;
  private Map<String, Map<String, String>> environment = Map.of();
  private Duration patience = Duration.ofMinutes(3);
  private Consumer<StackState> listener = state -> {};

  private StackOptions(Path repository, Path dir) {
    this.dir = dir.toAbsolutePath().normalize();
    this.repository = repository.toAbsolutePath().normalize();
  }

  /** As people start it: the usual ports, data in {@code .local}, droplets as they were. */
  public static StackOptions usual(Path repository) {
    var usual = new StackOptions(repository, repository.resolve(".local"));
    usual.usualPorts = true;
    usual.droplets = Droplets.of(usual.dir).orElse(Droplets.PROCESS);
    return usual;
  }

  /**
   * As tests and measurements start it: any ports, data in a directory of their own, and one
   * account and key for more than quotas allow a single one.
   */
  public static StackOptions isolated(Path repository, Path dir) {
    return new StackOptions(repository, dir).with(Components.GATEWAY, NO_QUOTAS);
  }

  StackOptions thatRecords() {
    return changed(options -> options.recording = true);
  }

  public StackOptions withDroplets(Droplets kind) {
    return changed(options -> options.droplets = kind);
  }

  /** Variables of one component, on top of what it is told anyway. */
  public StackOptions with(String component, Map<String, String> variables) {
    var all = new HashMap<>(environment);
    var ofComponent = new HashMap<>(all.getOrDefault(component, Map.of()));
    ofComponent.putAll(variables);
    all.put(component, ofComponent);
    return changed(options -> options.environment = Map.copyOf(all));
  }

  /** So many of each service; the second of {@code x} is called {@code x-2}. */
  public StackOptions withInstances(int number) {
    return changed(options -> options.instances = number);
  }

  /** On a machine that is busy with something else a start takes its time. */
  public StackOptions withPatience(Duration untilReady) {
    return changed(options -> options.patience = untilReady);
  }

  /** Shown each change of the stack's state, from any thread. */
  public StackOptions listeningWith(Consumer<StackState> shown) {
    return changed(options -> options.listener = shown);
  }

  private StackOptions changed(Consumer<StackOptions> change) {
    try {
      var copy = (StackOptions) clone();
      change.accept(copy);
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("this class can be cloned", e);
    }
  }

  /** Data, logs and state; made if it does not exist. */
  public Path dir() {
    return dir;
  }

  /** The checkout whose build is run. */
  public Path repository() {
    return repository;
  }

  /** Whether the usual ports are tried first; false: any free ones. */
  boolean usualPorts() {
    return usualPorts;
  }

  int instances() {
    return instances;
  }

  /** What a droplet is. */
  public Droplets droplets() {
    return droplets;
  }

  /** Whether the services record what their start loads, see {@link StartRecording}. */
  boolean recording() {
    return recording;
  }

  Map<String, String> environment(String component) {
    return environment.getOrDefault(component, Map.of());
  }

  /** Until everything has to be ready. */
  Duration patience() {
    return patience;
  }

  Consumer<StackState> listener() {
    return listener;
  }

  /** The keys of agents and services, which {@code ./toolbox keys} rotates. */
  public Path keysFile() {
    return dir.resolve("keys.json");
  }

  public Path stateFile() {
    return dir.resolve("stack.json");
  }
}
