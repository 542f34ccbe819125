package io.agentopia.toolbox.simulator.droplet;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One droplet, from the request that made it to the end of the ledger.
 *
 * @param address public IPv4 address; null until it has one
 * @param pending null unless an event is under way
 * @param actions oldest first
 */
public record Droplet(
    long id,
    Spec spec,
    List<String> tags,
    Instant createdAt,
    Phase phase,
    Plan plan,
    String address,
    Pending pending,
    List<Action> actions) {

  /** Times of a new droplet, made of the configured delays and the faults that struck it. */
  public record Birth(Instant activeAt, Plan plan) {}

  public static Droplet create(
      long id, long actionId, Spec spec, List<String> tags, Birth birth, Instant now) {
    var create = new Pending.Request.Create();
    return new Droplet(
        id,
        spec,
        List.copyOf(tags),
        now,
        new Phase.Starting(birth.activeAt()),
        birth.plan(),
        null,
        new Pending(actionId, create, birth.activeAt()),
        List.of(Action.begun(actionId, create.type(), now)));
  }

  /** DigitalOcean's word. */
  public String status() {
    return phase.status();
  }

  public boolean isGone() {
    return phase instanceof Phase.Gone;
  }

  /** Whether somebody who may not have events beside events has to wait. */
  public boolean isLocked() {
    return pending != null || phase instanceof Phase.Destroying;
  }

  /** Whether the lists show it; a fault can hold that back. */
  public boolean isListed(Instant now) {
    return !isGone() && (plan.listedFrom() == null || !now.isBefore(plan.listedFrom()));
  }

  public boolean hasTag(String tag) {
    return tags.contains(tag);
  }

  public Optional<Action> action(long actionId) {
    return actions.stream().filter(a -> a.id() == actionId).findFirst();
  }

  Droplet with(Phase newPhase) {
    return new Droplet(id, spec, tags, createdAt, newPhase, plan, address, pending, actions);
  }

  Droplet with(Plan newPlan) {
    return new Droplet(id, spec, tags, createdAt, phase, newPlan, address, pending, actions);
  }

  Droplet with(Spec newSpec) {
    return new Droplet(id, newSpec, tags, createdAt, phase, plan, address, pending, actions);
  }

  Droplet at(String newAddress) {
    return new Droplet(id, spec, tags, createdAt, phase, plan, newAddress, pending, actions);
  }

  Droplet tagged(List<String> newTags) {
    return new Droplet(
        id, spec, List.copyOf(newTags), createdAt, phase, plan, address, pending, actions);
  }

  Droplet begin(long actionId, Pending.Request request, Instant now, Instant doneAt) {
    var all = new ArrayList<>(actions);
    all.add(Action.begun(actionId, request.type(), now));
    return new Droplet(
        id,
        spec,
        tags,
        createdAt,
        phase,
        plan,
        address,
        new Pending(actionId, request, doneAt),
        List.copyOf(all));
  }

  /** Records an event that belongs to no pending one: the end of the droplet. */
  Droplet note(Action action) {
    var all = new ArrayList<>(actions);
    all.add(action);
    return new Droplet(id, spec, tags, createdAt, phase, plan, address, pending, List.copyOf(all));
  }

  /** Ends every event that is under way. */
  Droplet end(Action.Status how, Instant now) {
    var all =
        actions.stream()
            .map(a -> a.status() == Action.Status.IN_PROGRESS ? a.ended(how, now) : a)
            .toList();
    return new Droplet(id, spec, tags, createdAt, phase, plan, address, null, all);
  }
}
