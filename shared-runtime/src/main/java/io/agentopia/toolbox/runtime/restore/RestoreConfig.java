package io.agentopia.toolbox.runtime.restore;

import io.smallrye.config.ConfigMapping;
import java.time.Duration;

/** What a service does when it finds that its database was restored. */
@ConfigMapping(prefix = "toolbox.restore")
public interface RestoreConfig {
  /**
   * So much before the last moment that the database knows of, events are read again: some of those
   * that were on their way then may not have been handled. What was is in the inbox.
   */
  Duration margin();
}
