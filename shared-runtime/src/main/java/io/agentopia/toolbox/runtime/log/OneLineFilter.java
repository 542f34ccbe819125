package io.agentopia.toolbox.runtime.log;

import io.quarkus.logging.LoggingFilter;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtLogRecord;

/**
 * A message is one line, whatever stands in it: control characters are shown as escapes, so that
 * nobody whose words are logged can write lines of his own. Stack traces are not touched.
 */
@LoggingFilter(name = "one-line")
public final class OneLineFilter implements Filter {
  @Override
  public boolean isLoggable(LogRecord record) {
    if (record instanceof ExtLogRecord ext) {
      var message = ext.getFormattedMessage();
      var escaped = escaped(message);
      if (!escaped.equals(message)) {
        ext.setMessage(escaped, ExtLogRecord.FormatStyle.NO_FORMAT);
      }
    }
    return true;
  }

  /** The same text where there is nothing to escape. */
  static String escaped(String text) {
    if (text == null || text.chars().noneMatch(OneLineFilter::isToEscape)) {
      return text == null ? "" : text;
    }
    var line = new StringBuilder(text.length() + 16);
    text.chars()
        .forEach(
            c -> {
              switch (c) {
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default ->
                    line.append(isToEscape(c) ? "\\u%04x".formatted(c) : String.valueOf((char) c));
              }
            });
    return line.toString();
  }

  private static boolean isToEscape(int c) {
    return Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
  }
}
