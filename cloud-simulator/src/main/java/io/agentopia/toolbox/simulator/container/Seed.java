package io.agentopia.toolbox.simulator.container;

import io.agentopia.toolbox.simulator.droplet.Droplet;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** What cloud-init's NoCloud datasource reads: the user-data as it came, and who the machine is. */
final class Seed {
  static final String DIRECTORY = "/var/lib/cloud/seed/nocloud";

  private Seed() {}

  static InputStream tar(Droplet droplet) {
    var userData = droplet.spec().userData();
    var bytes = new ByteArrayOutputStream();
    try (var tar = new TarArchiveOutputStream(bytes)) {
      add(tar, "user-data", userData == null ? "" : userData);
      add(
          tar,
          "meta-data",
          "instance-id: \"%d\"\nlocal-hostname: \"%s\"\n"
              .formatted(droplet.id(), droplet.spec().name()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ByteArrayInputStream(bytes.toByteArray());
  }

  private static void add(TarArchiveOutputStream tar, String name, String text) throws IOException {
    var content = text.getBytes(StandardCharsets.UTF_8);
    var entry = new TarArchiveEntry(name);
    entry.setMode(0600);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }
}
