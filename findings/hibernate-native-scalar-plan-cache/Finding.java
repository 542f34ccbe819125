import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.util.List;
import java.util.function.Consumer;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.Version;
import org.hibernate.cfg.Configuration;

/**
 * The same query a hundred times, each in a session of its own. Seen with 7.2.4.Final:
 *
 * <pre>
 * native, an entity       hits 99, misses 1
 * native, Object[]        hits 99, misses 1
 * native, addScalar       hits 99, misses 1
 * native, String          hits 0, misses 100
 * </pre>
 */
public class Finding {
  static final int TIMES = 100;

  @Entity(name = "Thing")
  public static class Thing {
    @Id public Long id;
    public String name;
  }

  public static void main(String[] args) {
    System.out.println("Hibernate ORM " + Version.getVersionString());
    var settings =
        new Configuration()
            .addAnnotatedClass(Thing.class)
            .setProperty("hibernate.connection.url", "jdbc:h2:mem:finding")
            .setProperty("hibernate.hbm2ddl.auto", "create")
            .setProperty("hibernate.generate_statistics", "true");
    try (var factory = settings.buildSessionFactory()) {
      var all = "select * from Thing where id = :id";
      var name = "select name from Thing where id = :id";
      expect(factory, "an entity", TIMES - 1, s -> read(s.createNativeQuery(all, Thing.class)));
      expect(factory, "Object[]", TIMES - 1, s -> read(s.createNativeQuery(all, Object[].class)));
      expect(
          factory,
          "addScalar",
          TIMES - 1,
          s -> read(s.createNativeQuery(name, String.class).addScalar("name", String.class)));
      expect(factory, "String", 0, s -> read(s.createNativeQuery(name, String.class)));
    }
    System.out.println("as found: a scalar result class makes every execution a miss");
  }

  static List<?> read(org.hibernate.query.NativeQuery<?> query) {
    return query.setParameter("id", 1L).getResultList();
  }

  static void expect(SessionFactory factory, String what, long hits, Consumer<Session> query) {
    var statistics = factory.getStatistics();
    statistics.clear();
    for (var time = 0; time < TIMES; time++) {
      factory.inSession(query::accept);
    }
    var found = statistics.getQueryPlanCacheHitCount();
    System.out.printf(
        "native, %-12s hits %d, misses %d%n",
        what, found, statistics.getQueryPlanCacheMissCount());
    if (found != hits) {
      System.err.println("CHANGED: " + hits + " hits were found before");
      System.exit(1);
    }
  }
}
