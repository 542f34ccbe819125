import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.util.Map;
import java.util.TreeMap;
import org.hibernate.SessionFactory;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.cfg.Configuration;
import org.hibernate.reactive.provider.ReactiveServiceRegistryBuilder;
import org.hibernate.reactive.stage.Stage;

/**
 * Two rows are read and changed in one transaction: of the first the name, of the second the town.
 * What the database has afterwards, with and without batches, by Hibernate Reactive and by
 * Hibernate ORM.
 */
public class Finding {
  @Entity(name = "Person")
  @DynamicUpdate
  public static class Person {
    @Id public int id;
    public String name;
    public String town;
  }

  private static final String RIGHT = "{1=Ada/London, 2=Bob/Paris}";

  public static void main(String[] args) throws Exception {
    try (var postgres = EmbeddedPostgres.builder().start()) {
      var url = "jdbc:postgresql://localhost:" + postgres.getPort() + "/postgres";
      System.out.println("hibernate-reactive " + version(Stage.class) + ", hibernate-orm " + version(SessionFactory.class));
      expect("Hibernate ORM, batch_size 10", orm(url, 10), RIGHT);
      expect("Hibernate Reactive, no batches", reactive(url, 0), RIGHT);
      expect("Hibernate Reactive, batch_size 10", reactive(url, 10), "{1=Ada/London, 2=Paris/London}");
    }
  }

  private static void expect(String what, String seen, String found) {
    System.out.println(what + ": " + seen);
    if (!seen.equals(found)) {
      System.out.println("CHANGED: " + found + " was seen before");
      System.exit(1);
    }
  }

  private static String version(Class<?> type) {
    return type.getPackage().getImplementationVersion();
  }

  private static Configuration configuration(String url, int batch) {
    var configuration = new Configuration();
    configuration.addAnnotatedClass(Person.class);
    configuration.setProperty("hibernate.connection.url", url);
    configuration.setProperty("hibernate.connection.username", "postgres");
    configuration.setProperty("hibernate.connection.password", "postgres");
    configuration.setProperty("hibernate.hbm2ddl.auto", "create");
    configuration.setProperty("hibernate.jdbc.batch_size", Integer.toString(batch));
    return configuration;
  }

  private static Person person(int id, String name, String town) {
    var person = new Person();
    person.id = id;
    person.name = name;
    person.town = town;
    return person;
  }

  private static String orm(String url, int batch) {
    try (var factory = configuration(url, batch).buildSessionFactory()) {
      factory.inTransaction(
          session -> {
            session.persist(person(1, "Ann", "London"));
            session.persist(person(2, "Bob", "London"));
          });
      factory.inTransaction(
          session -> {
            session.find(Person.class, 1).name = "Ada";
            session.find(Person.class, 2).town = "Paris";
          });
      var all = new TreeMap<Integer, String>();
      factory.inTransaction(
          session ->
              session
                  .createQuery("from Person", Person.class)
                  .getResultList()
                  .forEach(p -> all.put(p.id, p.name + "/" + p.town)));
      return all.toString();
    }
  }

  private static String reactive(String url, int batch) {
    var configuration = configuration(url, batch);
    var registry =
        new ReactiveServiceRegistryBuilder().applySettings(configuration.getProperties()).build();
    try (var factory =
        configuration.buildSessionFactory(registry).unwrap(Stage.SessionFactory.class)) {
      factory
          .withTransaction(
              session -> session.persist(person(1, "Ann", "London"), person(2, "Bob", "London")))
          .toCompletableFuture()
          .join();
      factory
          .withTransaction(
              session ->
                  session
                      .find(Person.class, 1)
                      .thenAccept(p -> p.name = "Ada")
                      .thenCompose(x -> session.find(Person.class, 2))
                      .thenAccept(p -> p.town = "Paris"))
          .toCompletableFuture()
          .join();
      var all = new TreeMap<Integer, String>();
      factory
          .withSession(
              session ->
                  session
                      .createQuery("from Person", Person.class)
                      .getResultList()
                      .thenAccept(
                          list -> list.forEach(p -> all.put(p.id, p.name + "/" + p.town))))
          .toCompletableFuture()
          .join();
      return all.toString();
    }
  }
}
