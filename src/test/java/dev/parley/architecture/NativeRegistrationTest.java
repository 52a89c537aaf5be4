package dev.parley.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.parley.postgres.Json;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// A native image knows only what is registered; these tests fail for what is not, long before an image is built.
class NativeRegistrationTest {

    private static final Path RESOURCES = Path.of("src/main/resources");

    @Test
    void everySerialisedTypeIsRegistered() {
        assertThat(unregistered(ArchitectureTest.ROOT, ArchitectureTest.MAIN)).isEmpty();
    }

    @Test
    void everyResourceReadAtRunTimeIsIncluded() throws IOException {
        try (var files = Files.walk(RESOURCES)) {
            assertThat(files.filter(Files::isRegularFile).map(RESOURCES::relativize))
                    .filteredOn(file -> !isIncludedByQuarkus(file))
                    .allMatch(file -> isIncluded(file, includes()));
        }
    }

    /// It would be part of the image, and with it the class as it was on the machine that built it.
    @Test
    void noStaticFieldHoldsWhatIsInitialisedAtRunTime() {
        assertThat(heldByStatics(ArchitectureTest.MAIN, initialisedAtRunTime())).isEmpty();
    }

    @Test
    void aPlantedStaticFieldIsFound() {
        JavaClasses planted = new ClassFileImporter().importClasses(Planted.class, Planted.Holder.class);

        assertThat(heldByStatics(planted, List.of("java.util.concurrent.atomic")))
                .containsExactly(Planted.Holder.class.getName() + ".COUNT");
    }

    @Test
    void aPlantedUnregisteredTypeIsFoundWhereverItIsUsed() {
        JavaClasses planted = new ClassFileImporter()
                .importClasses(
                        Planted.class,
                        Planted.Body.class,
                        Planted.Inside.class,
                        Planted.Read.class,
                        Planted.Listed.class,
                        Planted.Annotated.class,
                        Planted.Registered.class,
                        Planted.Untouched.class,
                        Planted.LISTED.getClass());

        assertThat(unregistered("dev.parley.architecture", planted))
                .extracting(name -> name.substring(name.lastIndexOf('$') + 1))
                .containsExactlyInAnyOrder("Body", "Inside", "Read", "Listed", "Annotated");
    }

    @Test
    void jacksonRefusesAnUnregisteredTypeInBothDirections() {
        var mapper = new ObjectMapper()
                .registerModule(new RegistrationGuard(type ->
                        type.getName().contains("Planted") && !type.isAnnotationPresent(RegisterForReflection.class)));

        assertThatThrownBy(() -> mapper.writeValueAsString(new Planted.Body(new Planted.Inside("a"))))
                .hasMessageContaining("Planted$Body passes Jackson and lacks @RegisterForReflection");
        assertThatThrownBy(() -> mapper.readValue("{}", Planted.Body.class))
                .hasMessageContaining("Planted$Body passes Jackson and lacks @RegisterForReflection");
        assertThatCode(() -> mapper.writeValueAsString(new Planted.Registered("a")))
                .doesNotThrowAnyException();
    }

    @Test
    void aResourceThatNoPatternNamesIsFound() {
        assertThat(isIncluded(Path.of("prompts/answer.txt"), List.of("prompts/**")))
                .isTrue();
        assertThat(isIncluded(Path.of("models/tiny.onnx"), List.of("prompts/**")))
                .isFalse();
    }

    private static List<String> unregistered(String root, JavaClasses classes) {
        var registered = new ReflectionRegistrations(classes);
        return new SerialisedTypes(root, classes)
                .names().stream().filter(name -> !registered.contain(name)).toList();
    }

    private static List<String> heldByStatics(JavaClasses classes, List<String> atRunTime) {
        return classes.stream()
                .filter(owner -> !isAmong(owner.getName(), atRunTime))
                .flatMap(owner -> owner.getFields().stream())
                .filter(field -> field.getModifiers().contains(JavaModifier.STATIC))
                .filter(field ->
                        field.getAllInvolvedRawTypes().stream().anyMatch(type -> isAmong(type.getName(), atRunTime)))
                .map(JavaField::getFullName)
                .toList();
    }

    private static boolean isAmong(String name, List<String> classesAndPackages) {
        return classesAndPackages.stream()
                .anyMatch(each -> name.equals(each) || name.startsWith(each + ".") || name.startsWith(each + "$"));
    }

    private static List<String> initialisedAtRunTime() {
        String option = "--initialize-at-run-time=";
        String args = properties("META-INF/native-image/dev.parley/parley/native-image.properties")
                .getProperty("Args");
        assertThat(args).startsWith(option);
        return Arrays.asList(args.substring(option.length()).split(","));
    }

    /// Flyway registers migrations, Quarkus its own configuration and service files.
    private static boolean isIncludedByQuarkus(Path file) {
        return file.startsWith("db/migration")
                || file.startsWith("META-INF")
                || file.endsWith("application.properties");
    }

    private static boolean isIncluded(Path file, List<String> patterns) {
        return patterns.stream().anyMatch(pattern -> FileSystems.getDefault()
                .getPathMatcher("glob:" + pattern.strip())
                .matches(file));
    }

    private static List<String> includes() {
        return Arrays.asList(properties("application.properties")
                .getProperty("quarkus.native.resources.includes", "")
                .split(","));
    }

    private static Properties properties(String resource) {
        var properties = new Properties();
        try (var in = Files.newInputStream(RESOURCES.resolve(resource))) {
            properties.load(in);
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
        return properties;
    }

    /// One violation of every kind.
    static class Planted {

        static final TypeReference<List<Listed>> LISTED = new TypeReference<>() {};

        static class Holder {
            static final List<AtomicInteger> COUNT = List.of();
            final AtomicInteger own = new AtomicInteger();
        }

        record Inside(String value) {}

        record Body(Inside inside) {}

        record Read(String value) {}

        record Listed(String value) {}

        record Annotated(@JsonProperty("a_value") String value) {}

        @RegisterForReflection
        record Registered(String value) {}

        record Untouched(String value) {}

        @GET
        public Registered get() {
            return new Registered("");
        }

        @POST
        public void post(List<Body> bodies) {}

        Read read(Json json) {
            return json.read("{}", Read.class);
        }
    }
}
