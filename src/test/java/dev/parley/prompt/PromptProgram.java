package dev.parley.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testing.Api;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// `./dev prompts` without its shell: the program, against the application under test.
///
/// @param output what it printed, errors included
record PromptProgram(int exitCode, String output) {

    static PromptProgram run(String key, String command, Path folder, String... arguments)
            throws IOException, InterruptedException {
        var line = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                System.getProperty("java.class.path"),
                "scripts/Prompts.java",
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
}
