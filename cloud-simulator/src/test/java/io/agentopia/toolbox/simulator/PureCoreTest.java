package io.agentopia.toolbox.simulator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "io.agentopia.toolbox.simulator",
    importOptions = ImportOption.DoNotIncludeTests.class)
class PureCoreTest {
  @ArchTest
  static final ArchRule theCoreKnowsNoFrameworkAndNoNetwork =
      noClasses()
          .that()
          .resideInAnyPackage(
              "..droplet..", "..catalog..", "..fault..", "..limit..", "..engine..", "..trial..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.quarkus..", "jakarta..", "io.vertx..", "java.net..", "java.nio.file..");

  @ArchTest
  static final ArchRule theCoreIsToldTheTime =
      noClasses()
          .that()
          .resideInAnyPackage(
              "..droplet..", "..catalog..", "..fault..", "..limit..", "..engine..", "..trial..")
          .should()
          .callMethod(java.time.Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis");

  @ArchTest
  static final ArchRule packagesFormNoCircle =
      slices().matching("io.agentopia.toolbox.(**)").should().beFreeOfCycles();
}
