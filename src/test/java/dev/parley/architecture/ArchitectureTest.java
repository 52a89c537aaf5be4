package dev.parley.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.parley.chat.LineAnswer;
import dev.parley.chat.LineRequest;
import dev.parley.chat.completions.CompletionLines;
import dev.parley.chat.embeddings.EmbeddingLines;
import dev.parley.chat.responses.ResponseLines;
import io.agroal.api.AgroalDataSource;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.Path;
import java.net.Socket;
import java.net.URL;
import java.net.URLConnection;
import java.sql.DriverManager;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import javax.sql.DataSource;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchitectureTest {

    static final String ROOT = "dev.parley";
    private static final String CHAT = ROOT + ".chat";
    static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    private final Features features = new Features(ROOT, MAIN);

    @Test
    void everyFeatureDeclaresWhatItUses() {
        assertThat(features.names()).isNotEmpty().allSatisfy(feature -> assertThat(features.declaration(feature))
                .isPresent());
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(MAIN.getPackage(ROOT).getSubpackagesInTree())
                .filteredOn(found -> !found.getClasses().isEmpty())
                .allMatch(found -> found.isAnnotatedWith(NullMarked.class));
    }

    @Test
    void declarationsNameFeaturesThatMayExist() {
        for (String feature : features.names()) {
            assertThat(features.declaration(feature).orElseThrow().allowedDependencies())
                    .as(feature)
                    .doesNotHaveDuplicates()
                    .doesNotContain(feature, "problem", "api")
                    .allMatch(name -> features.names().contains(name));
        }
    }

    @Test
    void featuresUseOnlyWhatTheyDeclare() {
        check(classes().that(features.inFeatures()).should(features.useOnlyDeclaredFeatures()));
    }

    @Test
    void featuresFormNoCycle() {
        check(slices().matching(ROOT + ".(*)..").should().beFreeOfCycles());
    }

    @Test
    void aTurnKnowsNoFace() {
        check(noClasses()
                .that()
                .resideInAPackage(CHAT)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(CHAT + ".*..")
                .because("the faces share it"));
    }

    @Test
    void facesDoNotUseEachOther() {
        check(slices().matching(CHAT + ".(*)..")
                .should()
                .notDependOnEachOther()
                .ignoreDependency(alwaysTrue(), resideInAPackage(CHAT + ".request"))
                .because("what they share is the turn's, or a reader of requests"));
    }

    @Test
    void otherFeaturesRunRequestsThroughLines() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(CHAT + "..")
                .should()
                .dependOnClassesThat(resideInAPackage(CHAT + "..")
                        .and(not(belongToAnyOf(
                                LineRequest.class,
                                LineAnswer.class,
                                CompletionLines.class,
                                ResponseLines.class,
                                EmbeddingLines.class))))
                .because("what else is public there, is so for the faces"));
    }

    @ParameterizedTest
    @CsvSource({
        "openai, dev.langchain4j.model.openai..",
        "openai, io.quarkiverse.langchain4j.openai..",
        "openai, com.openai..",
        "anthropic, dev.langchain4j.model.anthropic..",
        "anthropic, com.anthropic..",
        "bedrock, software.amazon.awssdk.services.bedrockruntime..",
        "gemini, dev.langchain4j.model.google..",
        "gemini, io.quarkiverse.langchain4j.ai..",
        "gemini, com.google..",
        "onnx, dev.langchain4j.model.embedding.onnx..",
        "onnx, ai.onnxruntime..",
        "onnx, ai.djl..",
    })
    void aVendorsTypesStayInItsPackage(String owner, String sdk) {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".model." + owner + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(sdk)
                .because("a provider can then be changed in one place"));
    }

    @Test
    void onlyWhoTalksToAwsKnowsItsSdk() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".aws..", ROOT + ".model.bedrock..", ROOT + ".job..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("software.amazon..")
                .because("the rest runs as well without it"));
    }

    @Test
    void onlyPostgresOpensConnections() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".postgres..")
                .and()
                .doNotHaveSimpleName("HnswIndexBuilder") // builds CONCURRENTLY, as the owner, outside transactions
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(DataSource.class, AgroalDataSource.class, DriverManager.class)
                .because("Transactions sets the tenant on every connection it hands out"));
    }

    @Test
    void onlyEgressReachesWhatUsersName() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(
                        ROOT + ".egress..",
                        ROOT + ".model..", // providers, which only the operator names
                        ROOT + ".aws..", // as AWS' services are
                        ROOT + ".function..") // Lambda's own interface
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(
                        io.vertx.core.http.HttpClient.class,
                        java.net.http.HttpClient.class,
                        URLConnection.class,
                        Socket.class)
                .orShould()
                .callMethod(URL.class, "openStream")
                .because("it judges every address it connects to"));
    }

    @Test
    void jsonPassesThroughOneCodec() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(
                        ROOT + ".postgres..", ROOT + ".problem..", ROOT + ".function..", ROOT + ".api..")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ObjectMapper.class)
                .because("postgres.Json is watched by the test for reflection registrations"));
    }

    @Test
    void namesSayWhatAThingIs() {
        check(noClasses().should().haveNameMatching(".*(Impl|Manager|Helper|Helpers|Util|Utils)"));
    }

    @Test
    void timeComesFromTheClock() {
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName(ROOT + ".SystemClock")
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(LocalDate.class, "now")
                .orShould()
                .callMethod(OffsetDateTime.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .because("tests set it"));
    }

    @Test
    void nothingIsPrinted() {
        check(NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS);
    }

    @Test
    void dependenciesComeThroughConstructors() {
        check(noFields().should().beAnnotatedWith(Inject.class));
    }

    @Test
    void everyResourceSaysWhoMayCallItAndRunsOnVirtualThreads() {
        check(classes()
                .that()
                .areAnnotatedWith(Path.class)
                .should()
                .beAnnotatedWith(RolesAllowed.class)
                .orShould()
                .beAnnotatedWith(PermitAll.class)
                .because("an endpoint without a scope is open to everyone"));
        check(classes().that().areAnnotatedWith(Path.class).should().beAnnotatedWith(RunOnVirtualThread.class));
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(MAIN);
    }
}
