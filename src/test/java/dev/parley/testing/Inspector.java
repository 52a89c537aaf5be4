package dev.parley.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The official MCP inspector's command line, as `scripts/inspector` pins it. Where npm cannot install it, its tests
/// are skipped.
///
/// @param key whose tools it sees
public record Inspector(String key) {

    private static final Path HOME = Path.of("scripts/inspector").toAbsolutePath();

    /// @param status of the process
    /// @param text what it printed
    /// @param complaint what it printed as an error
    public record Said(int status, String text, String complaint) {

        public JsonNode json() {
            try {
                return ScriptedProvider.JSON.readTree(text);
            } catch (IOException notJson) {
                throw new AssertionError(text + complaint, notJson);
            }
        }
    }

    /// Asks `/mcp` of the application under test.
    public Said ask(String... arguments) {
        install();
        var command = new ArrayList<>(List.of(
                HOME.resolve("node_modules/.bin/mcp-inspector").toString(),
                "--cli",
                Api.url() + "/mcp",
                "--header",
                "Authorization: Bearer " + key));
        command.addAll(List.of(arguments));
        return run(command, 60);
    }

    private static synchronized void install() {
        if (!Files.exists(HOME.resolve("node_modules/.package-lock.json"))) {
            Said installed = run(List.of("npm", "ci", "--prefix", HOME.toString(), "--silent"), 300);
            assumeTrue(installed.status() == 0, () -> "npm cannot install the inspector: " + installed.complaint());
        }
    }

    private static Said run(List<String> command, int seconds) {
        var builder = new ProcessBuilder(command);
        // Its own Node.js first: the machine's may be too old for it.
        builder.environment()
                .merge("PATH", HOME.resolve("node_modules/.bin").toString(), (path, own) -> own + ":" + path);
        try {
            Path out = Files.createTempFile("inspector", ".out");
            Path err = Files.createTempFile("inspector", ".err");
            Process process = builder.redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return new Said(-1, "", "It did not end within %d seconds.".formatted(seconds));
            }
            var said = new Said(process.exitValue(), Files.readString(out), Files.readString(err));
            Files.delete(out);
            Files.delete(err);
            return said;
        } catch (IOException absent) {
            assumeTrue(false, () -> command.getFirst() + " cannot run: " + absent.getMessage());
            throw new AssertionError(absent);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }
}
