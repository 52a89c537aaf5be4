package dev.parley.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

/// The rules over planted features: `one` declares `two` and also uses `three`, which uses `one`.
class FeaturesTest {

    private static final String PLANTED = "dev.parley.architecture.planted";
    private final Features features = new Features(PLANTED, new ClassFileImporter().importPackages(PLANTED));

    @Test
    void anUndeclaredUseIsAViolationAndADeclaredOneIsNot() {
        var classes = new ClassFileImporter().importPackages(PLANTED);

        assertThatThrownBy(() -> classes()
                        .that(features.inFeatures())
                        .should(features.useOnlyDeclaredFeatures())
                        .check(classes))
                .hasMessageContaining("planted.three.Third")
                .hasMessageNotContaining("has type <" + PLANTED + ".two.Second>");
    }

    @Test
    void aCycleIsAViolation() {
        assertThatThrownBy(() -> SlicesRuleDefinition.slices()
                        .matching(PLANTED + ".(*)..")
                        .should()
                        .beFreeOfCycles()
                        .check(new ClassFileImporter().importPackages(PLANTED)))
                .hasMessageContaining("Cycle detected");
    }

    @Test
    void aFeatureWithoutDeclarationIsSeen() {
        assertThat(features.names()).containsExactly("one", "three", "two");
        assertThat(features.declaration("one")).isPresent();
        assertThat(features.declaration("two")).isEmpty();
    }
}
