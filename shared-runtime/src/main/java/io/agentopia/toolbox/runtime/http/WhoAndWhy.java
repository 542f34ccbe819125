package io.agentopia.toolbox.runtime.http;

import io.agentopia.toolbox.events.Rules.Violation;
import java.util.ArrayList;
import java.util.List;

/** What an operator's word has to come with: it is kept, so that others know later. */
public final class WhoAndWhy {
  private static final int LONGEST = 500;

  private WhoAndWhy() {}

  /**
   * @param says what {@code who} has to say, after "must say who"
   * @param tells what {@code why} has to say, after "must say"
   */
  public static List<Violation> check(String who, String says, String why, String tells) {
    var found = new ArrayList<Violation>();
    if (!isText(who)) {
      found.add(new Violation("who", "must say who " + says + ", in 1 to 500 characters"));
    }
    if (!isText(why)) {
      found.add(new Violation("why", "must say " + tells + ", in 1 to 500 characters"));
    }
    return found;
  }

  private static boolean isText(String text) {
    return text != null && !text.isBlank() && text.length() <= LONGEST;
  }
}
