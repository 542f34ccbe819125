package io.agentopia.toolbox.testing;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;

/** Rules every module keeps. */
public final class ArchitectureRules {
  private static final Set<String> MACHINES_CLOCK =
      Set.of(
          "java.time.Instant.now",
          "java.time.OffsetDateTime.now",
          "java.time.ZonedDateTime.now",
          "java.time.LocalDateTime.now",
          "java.time.LocalDate.now",
          "java.time.Clock.systemUTC",
          "java.time.Clock.systemDefaultZone",
          "java.time.InstantSource.system",
          "java.lang.System.currentTimeMillis");

  private static final String ROOT = "io.agentopia.toolbox.";

  /** Annotations: settings can be handed to a core as they are. */
  private static final String[] BOUNDS_OF_SETTINGS = {
    "jakarta.validation.constraints..", "org.hibernate.validator.constraints.."
  };

  private ArchitectureRules() {}

  /**
   * The pure core: plain Java and the vocabulary, nothing that needs a framework, a network or a
   * clock of its own.
   *
   * @param pureToo cores of the same service that this one builds on
   */
  public static void coreIsPure(String corePackage, String... pureToo) {
    var classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(corePackage);
    classes()
        .that()
        .resideInAPackage(corePackage)
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                    "java.lang..",
                    "java.util..",
                    "java.time..",
                    "java.math..",
                    ROOT + "events..",
                    corePackage)
                .or(resideInAnyPackage(BOUNDS_OF_SETTINGS))
                .or(resideInAnyPackage(pureToo)))
        .because("decisions are tested as tables, without a framework, a network or a clock")
        .check(classes);
    noClasses()
        .that()
        .resideInAPackage(corePackage)
        .should()
        .callMethod(java.time.Instant.class, "now")
        .because("time is passed in")
        .check(classes);
  }

  /**
   * The same of single classes, which stand beside adapters: folds of a read model, verdicts,
   * tallies. They may have what describes their form (annotations of JSON, of the API's
   * description) and stand on the entities they change.
   *
   * @param own the module's package below {@code io.agentopia.toolbox}
   * @param names simple names; each has to be there
   */
  public static void decideWithoutAFramework(String own, String... names) {
    var classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT + own);
    for (var name : names) {
      noClasses()
          .that()
          .haveNameMatching(".*\\." + name + "(\\$.*)?")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "io.quarkus..",
                  "io.vertx..",
                  "io.smallrye..",
                  "jakarta..",
                  "org.hibernate..",
                  "org.apache.kafka..",
                  "java.net..",
                  "java.nio.file..",
                  "java.sql..",
                  ROOT + "runtime.messaging..",
                  ROOT + "runtime.sql..",
                  ROOT + "runtime.work.."))
          .because("decisions are tested as tables, without a framework, a network or a clock")
          .allowEmptyShould(false)
          .check(classes);
    }
  }

  /**
   * A request that was taken in is carried out, whoever hangs up meanwhile. Cancelled in the middle
   * of its transaction, it would leave a connection to the next user with that transaction open.
   */
  public static void requestsAreCarriedOut(String own) {
    classes()
        .that()
        .areAnnotatedWith("jakarta.ws.rs.Path")
        .and()
        .areNotInterfaces()
        .and()
        .haveSimpleNameNotContaining("Events") // streams end with their listener
        .should()
        .beAnnotatedWith(
            DescribedPredicate.describe(
                "@Cancellable(false)",
                a ->
                    a.getRawType().getSimpleName().equals("Cancellable")
                        && a.get("value").filter(Boolean.FALSE::equals).isPresent()))
        .because("a hang-up must not end a transaction half-way")
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages(ROOT + own, ROOT + "runtime"));
  }

  /** A Kafka client that knows the address alone starts nowhere where there is SASL or TLS. */
  public static void reachesTheBrokerAsTheSettingsSay(String own) {
    noClasses()
        .that()
        .doNotHaveSimpleName("RecordProducer")
        .and()
        .doNotHaveSimpleName("RetryTier")
        .and()
        .doNotHaveSimpleName("TopicSetup")
        .and()
        .doNotHaveFullyQualifiedName(ROOT + "runtime.restore.Groups")
        .and()
        .doNotHaveFullyQualifiedName(ROOT + "runtime.messaging.TopicReader")
        .should()
        .callConstructorWhere(
            DescribedPredicate.describe(
                "makes a Kafka client",
                call ->
                    call.getTargetOwner()
                        .getName()
                        .matches("org\\.apache\\.kafka\\.clients\\..*\\.Kafka(Producer|Consumer)")))
        .orShould()
        .callMethodWhere(
            DescribedPredicate.describe(
                "makes a Kafka client",
                call ->
                    call.getName().equals("create")
                        && call.getTargetOwner().getName().endsWith(".admin.Admin")))
        .because("those five take BrokerSettings")
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages(ROOT + own, ROOT + "runtime"));
  }

  /** A connection that knows the address alone is one without TLS, where TLS is asked for. */
  public static void reachesTheDatabaseAsTheSettingsSay(String own) {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(ROOT + "runtime.sql.PoolSettings")
        .and()
        .doNotHaveFullyQualifiedName(ROOT + "runtime.sql.Notifications")
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "make connections to PostgreSQL of their own",
                c ->
                    c.getName()
                        .matches(
                            "java\\.sql\\.Driver(Manager)?|org\\.postgresql\\.(Driver|ds\\..*)"
                                + "|io\\.vertx\\..*pgclient\\..*Pg(Builder|Connection|ConnectOptions|Pool|Subscriber)"
                                + "|io\\.vertx\\..*sqlclient\\.(ClientBuilder|SqlConnectOptions)")))
        .because(
            "DataSource and Pool are the framework's, which take toolbox.database.*;"
                + " those two hand that on to the connection of notifications")
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages(ROOT + own, ROOT + "runtime"));
  }

  /**
   * What instances write for each other is in their database's time: no machine's own clock is read
   * but where the one clock is made.
   */
  public static void readsNoClockOfItsMachine(String own) {
    noClasses()
        .that()
        .haveSimpleNameNotContaining("ClockProducer")
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "reads the machine's clock",
                call ->
                    MACHINES_CLOCK.contains(
                        call.getTargetOwner().getName() + "." + call.getName())))
        .because("the injected Clock is the database's")
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages(ROOT + own, ROOT + "runtime"));
  }

  /** Services meet in events and in the shared runtime only. */
  public static void knowsNoOtherService(String own) {
    var known =
        resideInAnyPackage(
            ROOT + own + "..", ROOT + "events..", ROOT + "runtime..", ROOT + "testing..");
    noClasses()
        .that()
        .resideInAPackage(ROOT + own + "..")
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "belong to another service",
                c -> c.getPackageName().startsWith(ROOT) && !known.test(c)))
        .because("services share only shared-events and shared-runtime")
        .allowEmptyShould(false)
        .check(new ClassFileImporter().importPackages(ROOT + own));
  }

  /**
   * Packages stand on each other and never in a circle, that of the module's root among them: each
   * can be read, tested and moved without those that stand on it.
   *
   * @param own the module's package below {@code io.agentopia.toolbox}
   */
  public static void packagesFormNoCircle(String own) {
    slices()
        .matching(ROOT + "(**)")
        .should()
        .beFreeOfCycles()
        .because("packages of a circle can only be understood, and changed, together")
        .allowEmptyShould(false)
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages(ROOT + own, ROOT + "runtime"));
  }
}
