package dev.parley.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A native build runs the tests tagged `packaged`: those that start the packaged application, whatever it is. The
/// others run in the JVM of the test, and would say again what they have said before.
class NativeSuiteTest {

    private static final Path TESTS = Path.of("src/test/java");

    @Test
    void everyTestThatStartsThePackagedApplicationRunsInANativeBuild() throws IOException {
        try (var files = Files.walk(TESTS)) {
            var starting = files.filter(file -> file.toString().endsWith("IT.java"))
                    .filter(file -> startsThePackage(read(file)))
                    .toList();

            assertThat(starting).hasSizeGreaterThan(5).allMatch(file -> isTagged(read(file)));
        }
    }

    private static boolean startsThePackage(String test) {
        return List.of("ParleyProcess", "@QuarkusIntegrationTest").stream().anyMatch(test::contains);
    }

    private static boolean isTagged(String test) {
        return test.contains("@Tag(\"packaged\")");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
