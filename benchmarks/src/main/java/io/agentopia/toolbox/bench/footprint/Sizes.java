package io.agentopia.toolbox.bench.footprint;

import io.agentopia.toolbox.local.images.DockerCli;
import io.agentopia.toolbox.local.images.LayerTar;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Sizes as they are, and compressed as registries keep them (gzip). */
public record Sizes(long bytes, long compressed) {
  public static final long MEGABYTE = 1_000_000;

  /** Everything, the base image included. */
  public static Sizes ofImage(DockerCli docker, String image) throws IOException {
    var file = Files.createTempFile("image", ".tar");
    try {
      docker.docker("save", "--output", file.toString(), image).orFail("saving " + image);
      return of(List.of(file));
    } finally {
      Files.delete(file);
    }
  }

  /** What a droplet pulls that has the base image already. */
  public static Sizes ofLayers(Path context) throws IOException {
    try (var files = Files.list(context)) {
      return of(files.filter(f -> f.toString().endsWith(".tar")).toList());
    }
  }

  public static Sizes ofDirectory(Path directory) throws IOException {
    var file = Files.createTempFile("directory", ".tar");
    try {
      new LayerTar().tree("jdk", directory).write(file, Instant.EPOCH);
      return of(List.of(file));
    } finally {
      Files.delete(file);
    }
  }

  private static Sizes of(List<Path> files) throws IOException {
    var bytes = 0L;
    var compressed = new Counting();
    for (var file : files) {
      bytes += Files.size(file);
      try (InputStream in = Files.newInputStream(file);
          var out = new GZIPOutputStream(compressed)) {
        in.transferTo(out);
      }
    }
    return new Sizes(bytes, compressed.count);
  }

  @Override
  public String toString() {
    return "%d MB, %d MB compressed".formatted(bytes / MEGABYTE, compressed / MEGABYTE);
  }

  private static final class Counting extends OutputStream {
    private long count;

    @Override
    public void write(int one) {
      count++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      count += length;
    }
  }
}
