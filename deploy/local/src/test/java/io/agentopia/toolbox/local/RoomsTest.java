package io.agentopia.toolbox.local;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** As {@code ArchitectureRules}, for which this module would have to be built later. */
class RoomsTest {
  @Test
  void packagesFormNoCircle() {
    slices()
        .matching("io.agentopia.toolbox.(**)")
        .should()
        .beFreeOfCycles()
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.agentopia.toolbox.local"));
  }
}
