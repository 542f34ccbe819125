package io.agentopia.toolbox.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutesTest {
  private final Routes routes = new Routes(Stream.of(Things.class));

  @Path("/things")
  public static class Things {
    @GET
    public void list() {}

    @POST
    public void make() {}

    @DELETE
    @Path("/{id}")
    public void remove(@PathParam("id") String id) {}

    @POST
    @Path("/{id}/{deed: halt|resume}")
    public void act(@PathParam("id") String id, @PathParam("deed") String deed) {}
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "/things, GET HEAD OPTIONS POST",
    "/things/, GET HEAD OPTIONS POST",
    "/things/7, DELETE OPTIONS",
    "/things/a.b, DELETE OPTIONS",
    "/things/7/halt, OPTIONS POST",
    "/things/7/stop, OPTIONS",
    "/thingsX, OPTIONS"
  })
  void anAddressHasTheMethodsOfItsTemplate(String path, String methods) {
    assertThat(String.join(" ", routes.methodsAt(path))).isEqualTo(methods);
  }
}
