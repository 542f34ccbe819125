package io.agentopia.toolbox.agent.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** As df counts: what only root may use is neither used nor free. */
public record DiskSpace(long totalBytes, long usedBytes, long usableBytes) {

  /**
   * @param path on the disk that is meant
   */
  public static DiskSpace read(Path path) throws IOException {
    var store = Files.getFileStore(path);
    var total = store.getTotalSpace();
    return new DiskSpace(total, total - store.getUnallocatedSpace(), store.getUsableSpace());
  }

  /** Once so much has gone. */
  public DiskSpace without(long bytes) {
    var freed = Math.min(bytes, usedBytes);
    return new DiskSpace(totalBytes, usedBytes - freed, usableBytes + freed);
  }

  /** 0 to 100. */
  public double usedPercent() {
    var all = usedBytes + usableBytes;
    return all == 0 ? 0 : 100.0 * usedBytes / all;
  }

  /** How much must go until no more than {@code percent} is used. */
  public long bytesAbove(double percent) {
    return (long) Math.ceil(usedBytes - (usedBytes + usableBytes) * percent / 100);
  }
}
