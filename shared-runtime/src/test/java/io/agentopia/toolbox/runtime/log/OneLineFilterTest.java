package io.agentopia.toolbox.runtime.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.junit.jupiter.api.Test;

class OneLineFilterTest {
  private static String shown(String format, Object... parameters) {
    var record = new ExtLogRecord(Level.INFO, format, ExtLogRecord.FormatStyle.PRINTF, "t");
    record.setParameters(parameters);
    assertThat(new OneLineFilter().isLoggable(record)).isTrue();
    return record.getFormattedMessage();
  }

  @Test
  void whatSomebodySaysIsNoLineOfItsOwn() {
    assertThat(
            shown("cause=%s end", "x\n2026-01-01 ERROR all is lost\r\u001b[31m\u0000\u2028\u0085"))
        .isEqualTo("cause=x\\n2026-01-01 ERROR all is lost\\r\\u001b[31m\\u0000\\u2028\\u0085 end");
  }

  @Test
  void anOrdinaryMessageStaysAsItIs() {
    assertThat(shown("a 100 %% sure %s, \u00e9\u4e2d\ud83d\ude00", "thing"))
        .isEqualTo("a 100 % sure thing, \u00e9\u4e2d\ud83d\ude00");
  }

  @Test
  void percentSignsInWhatIsEscapedAreNoFormat() {
    assertThat(shown("%s", "50 %d\n")).isEqualTo("50 %d\\n");
  }
}
