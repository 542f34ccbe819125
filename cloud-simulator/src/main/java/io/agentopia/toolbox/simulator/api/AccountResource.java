package io.agentopia.toolbox.simulator.api;

import io.agentopia.toolbox.simulator.SimulatorConfig;
import io.agentopia.toolbox.simulator.account.SshKey;
import io.agentopia.toolbox.simulator.fleet.Fleet;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** The account and its ssh keys. */
@Path("/v2/account")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
public class AccountResource {
  @Inject Fleet fleet;
  @Inject SimulatorConfig config;

  @GET
  public Map<String, Object> account() {
    var uuid = UUID.nameUUIDFromBytes(config.dataDir().toString().getBytes()).toString();
    var account = new LinkedHashMap<String, Object>();
    account.put("droplet_limit", config.dropletLimit());
    account.put("floating_ip_limit", 3);
    account.put("reserved_ip_limit", 3);
    account.put("volume_limit", 100);
    account.put("email", "operator@simulator.invalid");
    account.put("name", "Simulator");
    account.put("uuid", uuid.replace("-", ""));
    account.put("email_verified", true);
    account.put("status", "active");
    account.put("status_message", "");
    account.put("team", Map.of("uuid", uuid, "name", "Simulator"));
    return Map.of("account", account);
  }

  @GET
  @Path("/keys")
  public Map<String, Object> keys(UriInfo uri) {
    return new Page(uri).of("ssh_keys", fleet.account().keys(), AccountResource::view);
  }

  @POST
  @Path("/keys")
  public Response create(byte[] bytes) {
    var body = RequestBody.of(bytes);
    if (!body.has("name")) {
      throw ApiError.unprocessable("Name can't be blank");
    }
    var publicKey = body.has("public_key") ? body.text("public_key").strip() : "";
    var fingerprint =
        Fingerprint.of(publicKey)
            .orElseThrow(
                () ->
                    ApiError.unprocessable(
                        "Key invalid, key should be of the format: `type key comment`"));
    if (fleet.account().keys().stream().anyMatch(k -> k.fingerprint().equals(fingerprint))) {
      throw ApiError.unprocessable("SSH Key is already in use on your account");
    }
    var key = new SshKey(fleet.nextId(), fingerprint, publicKey, body.text("name"));
    fleet.changeAccount(
        a -> {
          var keys = new ArrayList<>(a.keys());
          keys.add(key);
          return a.withKeys(keys);
        });
    return Response.status(201).entity(Map.of("ssh_key", view(key))).build();
  }

  @GET
  @Path("/keys/{key}")
  public Map<String, Object> key(@PathParam("key") String reference) {
    return Map.of("ssh_key", view(find(reference)));
  }

  @PUT
  @Path("/keys/{key}")
  public Map<String, Object> rename(@PathParam("key") String reference, byte[] bytes) {
    var key = find(reference);
    var name = RequestBody.of(bytes).text("name");
    if (name == null) {
      throw ApiError.unprocessable("Name can't be blank");
    }
    var renamed = new SshKey(key.id(), key.fingerprint(), key.publicKey(), name);
    replace(k -> k.id() == key.id() ? renamed : k);
    return Map.of("ssh_key", view(renamed));
  }

  @DELETE
  @Path("/keys/{key}")
  public Response delete(@PathParam("key") String reference) {
    var key = find(reference);
    fleet.changeAccount(
        a -> a.withKeys(a.keys().stream().filter(k -> k.id() != key.id()).toList()));
    return Response.noContent().build();
  }

  private void replace(UnaryOperator<SshKey> change) {
    fleet.changeAccount(a -> a.withKeys(a.keys().stream().map(change).toList()));
  }

  private SshKey find(String reference) {
    return fleet.account().keys().stream()
        .filter(k -> k.isCalled(reference))
        .findFirst()
        .orElseThrow(ApiError::notFound);
  }

  private static Map<String, Object> view(SshKey key) {
    var view = new LinkedHashMap<String, Object>();
    view.put("id", key.id());
    view.put("fingerprint", key.fingerprint());
    view.put("public_key", key.publicKey());
    view.put("name", key.name());
    return view;
  }
}
