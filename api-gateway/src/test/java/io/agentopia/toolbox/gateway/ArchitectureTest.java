package io.agentopia.toolbox.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.agentopia.toolbox.testing.ArchitectureRules;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  /** What comes from a droplet passes one gate: nobody else makes events of it. */
  @Test
  void onlyTheGateMakesWhatAgentsSay() {
    var classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.agentopia.toolbox.gateway");
    noClasses()
        .that()
        .doNotHaveSimpleName("AgentWords")
        .should()
        .callConstructorWhere(
            DescribedPredicate.describe(
                "it makes an event of an agent's, or a part of one",
                call ->
                    call.getTargetOwner()
                        .getName()
                        .startsWith("io.agentopia.toolbox.events.AgentEvent")))
        .check(classes);
    classes()
        .that()
        .resideInAPackage("..gateway.agent")
        .and()
        .areAnnotatedWith(Path.class)
        .and()
        .areNotInterfaces()
        .should(takeBodiesAsBytes())
        .check(classes);
  }

  private static ArchCondition<JavaClass> takeBodiesAsBytes() {
    return new ArchCondition<>("take bodies as bytes, for the gate to read") {
      @Override
      public void check(JavaClass resource, ConditionEvents events) {
        resource.getMethods().stream()
            .filter(m -> m.isAnnotatedWith(POST.class))
            .flatMap(m -> m.getParameters().stream())
            .filter(p -> p.getAnnotations().isEmpty())
            .filter(p -> !p.getRawType().isEquivalentTo(byte[].class))
            .forEach(p -> events.add(SimpleConditionEvent.violated(p, p.getDescription())));
      }
    };
  }

  @Test
  void itKnowsNoOtherService() {
    ArchitectureRules.knowsNoOtherService("gateway");
    ArchitectureRules.requestsAreCarriedOut("gateway");
    ArchitectureRules.readsNoClockOfItsMachine("gateway");
    ArchitectureRules.reachesTheBrokerAsTheSettingsSay("gateway");
    ArchitectureRules.reachesTheDatabaseAsTheSettingsSay("gateway");
  }

  @Test
  void itsPackagesFormNoCircle() {
    ArchitectureRules.packagesFormNoCircle("gateway");
  }

  @Test
  void whatIsDecidedHereNeedsNoFramework() {
    ArchitectureRules.decideWithoutAFramework(
        "gateway",
        "ToolboxFold",
        "ToolFold",
        "TokenVerdict",
        "BootTimeline",
        "Bucket",
        "Tally",
        "Quota",
        "Catalog");
  }
}
