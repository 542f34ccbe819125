package io.agentopia.toolbox.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.agentopia.toolbox.agent.disk.DiskGuard;
import io.agentopia.toolbox.agent.reconcile.ReconcilePlanner;
import io.agentopia.toolbox.agent.reconcile.ToolViews;
import io.agentopia.toolbox.agent.upgrade.UpgradePlanner;

@AnalyzeClasses(
    packages = "io.agentopia.toolbox.agent",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule docker_java_stays_in_its_adapter =
      noClasses()
          .that()
          .resideOutsideOfPackage("..docker..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.github.dockerjava..");

  @ArchTest
  static final ArchRule planner_and_views_are_pure =
      classes()
          .that()
          .belongToAnyOf(ReconcilePlanner.class, ToolViews.class)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java.lang..", "java.util..", "java.time", "..agent.reconcile", "..agent.tools");

  @ArchTest
  static final ArchRule the_disk_guard_is_pure =
      classes()
          .that()
          .haveFullyQualifiedName(DiskGuard.class.getName())
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java.lang..", "java.util..", "java.time", "..agent.disk", "..agent.tools");

  @ArchTest
  static final ArchRule the_decision_to_move_is_pure =
      classes()
          .that()
          .haveNameMatching(UpgradePlanner.class.getName() + ".*")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java.lang..", "java.util..", "..agent.upgrade", "..agent.tools", "..agent.identity");

  @ArchTest
  static final ArchRule the_core_knows_no_framework =
      noClasses()
          .that()
          .resideInAnyPackage(
              "..reconcile..",
              "..tools..",
              "..identity..",
              "..backend..",
              "..loop..",
              "..disk..",
              "..upgrade..",
              "..metrics..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.quarkus..", "jakarta..", "io.vertx..");

  /** The root puts everything together, and nothing in a package below knows of it. */
  @ArchTest
  static final ArchRule no_cycles =
      slices().matching("io.agentopia.toolbox.agent.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule nobody_reaches_up_to_the_root =
      noClasses()
          .that()
          .resideInAPackage("io.agentopia.toolbox.agent.*..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.agentopia.toolbox.agent");
}
