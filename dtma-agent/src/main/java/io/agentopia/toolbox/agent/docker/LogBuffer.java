package io.agentopia.toolbox.agent.docker;

import java.nio.charset.StandardCharsets;

/** Keeps the last bytes of a stream; a tool may log one endless line, and the heap is small. */
final class LogBuffer {
  private final byte[] ring;
  private long written;

  LogBuffer(int maxBytes) {
    this.ring = new byte[maxBytes];
  }

  synchronized void add(byte[] bytes) {
    var from = Math.max(0, bytes.length - ring.length);
    for (var i = from; i < bytes.length; i++) {
      ring[(int) (written++ % ring.length)] = bytes[i];
    }
  }

  /** Starts at the first whole line when the front was cut. */
  synchronized String text() {
    var length = (int) Math.min(written, ring.length);
    var bytes = new byte[length];
    for (var i = 0; i < length; i++) {
      bytes[i] = ring[(int) ((written - length + i) % ring.length)];
    }
    var text = new String(bytes, StandardCharsets.UTF_8);
    var lineEnd = text.indexOf('\n');
    var cut = written > ring.length && lineEnd >= 0 && lineEnd < text.length() - 1;
    return cut ? text.substring(lineEnd + 1) : text;
  }
}
