package io.agentopia.toolbox.deployer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.agentopia.toolbox.testing.ArchitectureRules;
import org.junit.jupiter.api.Test;

@AnalyzeClasses(packages = "io.agentopia.toolbox.deployer", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String[] CORE = {"..deployer.tool..", "..deployer.toolbox.."};

  @ArchTest
  static final ArchRule theCoreKnowsNoFramework =
      classes()
          .that()
          .resideInAnyPackage(CORE)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "io.agentopia.toolbox.events..",
              "..deployer.tool..",
              "..deployer.toolbox..");

  @ArchTest
  static final ArchRule theCoreIsToldTheTime =
      noClasses()
          .that()
          .resideInAnyPackage(CORE)
          .should()
          .callMethod(java.time.Instant.class, "now")
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(java.time.Clock.class);

  @Test
  void itKnowsNoOtherService() {
    ArchitectureRules.knowsNoOtherService("deployer");
    ArchitectureRules.requestsAreCarriedOut("deployer");
    ArchitectureRules.readsNoClockOfItsMachine("deployer");
    ArchitectureRules.reachesTheBrokerAsTheSettingsSay("deployer");
    ArchitectureRules.reachesTheDatabaseAsTheSettingsSay("deployer");
  }

  @Test
  void itsPackagesFormNoCircle() {
    ArchitectureRules.packagesFormNoCircle("deployer");
  }
}
