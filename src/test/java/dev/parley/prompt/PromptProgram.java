package dev.parley.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testing.Api;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;

/// `./dev prompts` without its shell: the program, against the application under test.
///
/// @param output what it printed, errors included
record PromptProgram(int exitCode, String output) {

    private static final String LIBRARIES = System.getProperty("java.class.path");

    static PromptProgram run(String key, String command, Path folder, String... arguments)
            throws IOException, InterruptedException {
        var line = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Compiled.CLASSES + File.pathSeparator + LIBRARIES,
                "Prompts",
                command,
                folder.toString()));
        line.addAll(List.of(arguments));
        var builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().put("PARLEY_URL", Api.url());
        builder.environment().put("PARLEY_API_KEY", key);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return new PromptProgram(process.exitValue(), output);
    }

    /// Once, rather than by every run as the shell has it.
    private static final class Compiled {

        static final Path CLASSES = compile();

        private static Path compile() {
            try {
                Path classes = Files.createTempDirectory(Path.of("target"), "prompts-program-");
                int failed = ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-proc:none",
                                "-d",
                                classes.toString(),
                                "-cp",
                                LIBRARIES,
                                "-sourcepath",
                                "scripts",
                                "scripts/Prompts.java");
                assertThat(failed).isZero();
                return classes;
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
