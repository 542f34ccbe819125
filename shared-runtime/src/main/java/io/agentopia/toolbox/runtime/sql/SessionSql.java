package io.agentopia.toolbox.runtime.sql;

import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;
import org.hibernate.reactive.mutiny.impl.MutinySessionImpl;
import org.hibernate.reactive.pool.ReactiveConnection;

/**
 * Plain prepared statements on the connection, and so in the transaction, of a Hibernate session:
 * for what is no entity, and for {@code on conflict}, {@code returning} and arrays. Parameters are
 * {@code $1}, {@code $2}, …, with the types of the PostgreSQL client. Hibernate does not see them:
 * it writes nothing of its own before, and what it holds of the same rows becomes stale.
 *
 * <p>Native queries of Hibernate's own do not serve: each execution is parsed, planned and kept
 * anew, since their plan cache never finds what it has (Hibernate Reactive 3.2.2).
 */
public final class SessionSql {
  private SessionSql() {}

  /**
   * @return rows changed
   */
  public static Uni<Integer> update(Mutiny.Session session, String sql, Object... parameters) {
    return Uni.createFrom().completionStage(() -> connection(session).update(sql, parameters));
  }

  /**
   * @return the rows, each with its columns in order
   */
  public static Uni<List<Object[]>> select(
      Mutiny.Session session, String sql, Object... parameters) {
    return Uni.createFrom()
        .completionStage(() -> connection(session).select(sql, parameters))
        .map(
            result -> {
              var rows = new ArrayList<Object[]>(result.size());
              result.forEachRemaining(rows::add);
              return rows;
            });
  }

  private static ReactiveConnection connection(Mutiny.Session session) {
    return ((MutinySessionImpl) session).getReactiveConnection();
  }
}
