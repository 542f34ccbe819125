package io.agentopia.toolbox.provisioner.cloud.digitalocean;

import io.agentopia.toolbox.provisioner.ProvisionerConfig;
import io.agentopia.toolbox.provisioner.cloud.BudgetedCalls;
import io.agentopia.toolbox.provisioner.cloud.budget.Priority;
import io.agentopia.toolbox.provisioner.cloud.digitalocean.FirewallApi.FirewallBody;
import io.agentopia.toolbox.provisioner.cloud.digitalocean.FirewallApi.FirewallList;
import io.agentopia.toolbox.provisioner.cloud.digitalocean.FirewallApi.Rule;
import io.agentopia.toolbox.provisioner.cloud.digitalocean.FirewallApi.TagBody;
import io.agentopia.toolbox.provisioner.cloud.digitalocean.FirewallApi.Target;
import io.agentopia.toolbox.provisioner.cloud.http.HttpAnswers;
import io.agentopia.toolbox.provisioner.cloud.http.HttpCalls;
import io.agentopia.toolbox.provisioner.firewall.CloudFirewalls;
import io.agentopia.toolbox.provisioner.firewall.FleetFirewall;
import io.agentopia.toolbox.provisioner.firewall.FleetFirewall.Found;
import io.agentopia.toolbox.provisioner.firewall.FleetFirewall.Opening;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.microprofile.rest.client.inject.RestClient;

/** {@link CloudFirewalls} on DigitalOcean. */
@ApplicationScoped
@Typed(DigitalOceanFirewalls.class)
public class DigitalOceanFirewalls implements CloudFirewalls {
  private static final int MOST_PAGES = 50;
  private final FirewallApi api;
  private final HttpCalls calls;

  @Inject
  DigitalOceanFirewalls(
      @RestClient FirewallApi api, BudgetedCalls calls, ProvisionerConfig config, Clock clock) {
    this.api = api;
    this.calls = new HttpCalls(calls, config.digitaloceanToken().orElse(""), clock);
  }

  @Override
  public Uni<List<Found>> list() {
    return page(1, new ArrayList<>());
  }

  private Uni<List<Found>> page(int page, List<Found> found) {
    return done("listing the firewalls", bearer -> api.list(bearer, page))
        .flatMap(
            response -> {
              var body = response.readEntity(FirewallList.class);
              orEmpty(body.firewalls()).forEach(f -> found.add(found(f)));
              var hasNext =
                  body.links() != null
                      && body.links().pages() != null
                      && body.links().pages().next() != null;
              return hasNext && page < MOST_PAGES
                  ? page(page + 1, found)
                  : Uni.createFrom().item(List.copyOf(found));
            });
  }

  @Override
  public Uni<Void> create(FleetFirewall firewall) {
    return done(
            "making tag " + firewall.tag(),
            bearer -> api.createTag(bearer, new TagBody(firewall.tag())))
        .flatMap(
            tag ->
                done(
                    "creating firewall " + firewall.name(),
                    bearer -> api.create(bearer, body(firewall, null))))
        .replaceWithVoid();
  }

  @Override
  public Uni<Void> replace(Found found, FleetFirewall firewall) {
    return done(
            "replacing firewall " + found.id(),
            bearer -> api.replace(bearer, found.id(), body(firewall, found.dropletIds())))
        .replaceWithVoid();
  }

  private static FirewallBody body(FleetFirewall f, List<Long> dropletIds) {
    return new FirewallBody(
        null,
        f.name(),
        dropletIds,
        List.of(f.tag()),
        rules(f.inbound(), o -> new Rule(o.protocol(), ports(o), target(o), null)),
        rules(f.outbound(), o -> new Rule(o.protocol(), ports(o), null, target(o))));
  }

  private static List<Rule> rules(Set<Opening> openings, Function<Opening, Rule> rule) {
    return openings.stream().map(rule).toList();
  }

  /** Asked for as "all", shown as "0"; icmp has none. */
  private static String ports(Opening o) {
    if (o.protocol().equals("icmp")) {
      return null;
    }
    return o.ports().equals(FleetFirewall.ALL_PORTS) ? "all" : o.ports();
  }

  private static Target target(Opening o) {
    return new Target(o.addresses().stream().sorted().toList(), null, null, null, null);
  }

  private static Found found(FirewallBody f) {
    return new Found(
        f.id(),
        f.name(),
        Set.copyOf(orEmpty(f.tags())),
        orEmpty(f.dropletIds()),
        openings(f.inboundRules(), Rule::sources),
        openings(f.outboundRules(), Rule::destinations));
  }

  private static Set<Opening> openings(List<Rule> rules, Function<Rule, Target> target) {
    return orEmpty(rules).stream()
        .map(r -> opening(r, target.apply(r)))
        .collect(Collectors.toSet());
  }

  private static Opening opening(Rule rule, Target t) {
    if (t == null) {
      return new Opening(rule.protocol(), rule.ports(), Set.of(), Set.of());
    }
    var others = new HashSet<String>();
    add(others, "droplet ", t.dropletIds());
    add(others, "load balancer ", t.loadBalancerUids());
    add(others, "cluster ", t.kubernetesIds());
    add(others, "tag ", t.tags());
    return new Opening(
        rule.protocol(), rule.ports(), new HashSet<>(orEmpty(t.addresses())), others);
  }

  private static void add(Set<String> to, String kind, Collection<?> named) {
    if (named != null) {
      named.forEach(n -> to.add(kind + n));
    }
  }

  private Uni<Response> done(String what, Function<String, Uni<Response>> call) {
    return calls.make(Priority.WATCH, call).map(reply -> HttpAnswers.done(what, reply));
  }

  private static <T> List<T> orEmpty(List<T> list) {
    return list == null ? List.of() : list;
  }
}
