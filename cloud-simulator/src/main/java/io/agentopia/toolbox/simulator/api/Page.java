package io.agentopia.toolbox.simulator.api;

import jakarta.ws.rs.core.UriInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Cuts a list into pages and links them, with every other query parameter kept. */
final class Page {
  private static final int USUAL = 20;
  private static final int LARGEST = 200;
  private final UriInfo uri;
  private final int number;
  private final int size;

  Page(UriInfo uri) {
    this.uri = uri;
    this.number = Math.max(1, parameter(uri, "page", 1));
    var asked = parameter(uri, "per_page", USUAL);
    this.size = asked < 1 ? USUAL : Math.min(asked, LARGEST);
  }

  private static int parameter(UriInfo uri, String name, int otherwise) {
    var text = uri.getQueryParameters().getFirst(name);
    return text != null && text.matches("\\d{1,9}") ? Integer.parseInt(text) : otherwise;
  }

  /** The answer: {@code {"<name>": [...], "links": {...}, "meta": {"total": n}}}. */
  <T> Map<String, Object> of(String name, List<T> all, Function<T, ?> view) {
    var from = Math.min((long) (number - 1) * size, all.size());
    var to = Math.min(from + size, all.size());
    var answer = new LinkedHashMap<String, Object>();
    answer.put(name, all.subList((int) from, (int) to).stream().map(view).toList());
    answer.put("links", links(all.size()));
    answer.put("meta", Map.of("total", all.size()));
    return answer;
  }

  private Map<String, Object> links(int total) {
    var last = Math.max(1, (total + size - 1) / size);
    if (last == 1) {
      return Map.of();
    }
    var pages = new LinkedHashMap<String, String>();
    if (number > 1) {
      pages.put("first", link(1));
      pages.put("prev", link(Math.min(number - 1, last)));
    }
    if (number < last) {
      pages.put("next", link(number + 1));
      pages.put("last", link(last));
    }
    return Map.of("pages", pages);
  }

  private String link(int page) {
    return uri.getRequestUriBuilder()
        .replaceQueryParam("page", page)
        .replaceQueryParam("per_page", size)
        .build()
        .toString();
  }
}
