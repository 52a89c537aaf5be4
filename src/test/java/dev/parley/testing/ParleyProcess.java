package dev.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/// The packaged application as a process of its own, on the database of the test and with the test profile's
/// configuration; to be killed.
public final class ParleyProcess implements AutoCloseable {

    private static final Path TARGET = Path.of("target");
    private static final String JAR = "*-runner.jar";
    private static final String MISSING =
            "The packaged application is missing: run this test through 'verify', or 'package' first";

    /// Named by a native build, which makes no jar; one may be left of another build.
    private static final String IMAGE = System.getProperty("native.image.path");

    /// Short lives are not worth the second compiler.
    static final String QUICK = "-XX:TieredStopAtLevel=1";

    private static final Duration START = Duration.ofMinutes(3);

    private final Process process;
    private final int port;
    private final Path log;

    private ParleyProcess(Process process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    /// Returns once it is ready.
    public static ParleyProcess start(Map<String, String> config) throws IOException {
        ParleyProcess started = launch(config, Map.of());
        try {
            await().atMost(START).until(started::isReady);
        } catch (RuntimeException | Error notReady) {
            started.close();
            throw notReady;
        }
        return started;
    }

    /// A Lambda function, as Lambda starts one: it asks the Runtime API for work when it is ready.
    ///
    /// @param environment its variables besides
    public static ParleyProcess function(
            FakeRuntimeApi lambda, Map<String, String> config, Map<String, String> environment) throws IOException {
        var variables = new HashMap<>(environment);
        variables.put("AWS_LAMBDA_RUNTIME_API", lambda.address());
        variables.put("AWS_LAMBDA_FUNCTION_NAME", "parley");
        return launch(config, variables);
    }

    private static ParleyProcess launch(Map<String, String> config, Map<String, String> environment)
            throws IOException {
        int port = FreePort.choose();
        Path log = Files.createTempFile(TARGET, "parley-process-", ".log");
        var all = new HashMap<>(config);
        all.put("quarkus.http.host", "127.0.0.1");
        all.put("quarkus.http.port", String.valueOf(port));
        ProcessBuilder command =
                new ProcessBuilder(command(all)).redirectErrorStream(true).redirectOutput(log.toFile());
        command.environment().putAll(environment);
        return new ParleyProcess(command.start(), port, log);
    }

    /// What starts the application, wherever it then listens.
    static List<String> command(Map<String, String> config) throws IOException {
        Optional<Path> jar = IMAGE == null ? Optional.of(jar()) : Optional.empty();
        var command = new ArrayList<String>();
        command.add(jar.map(_ -> ProcessHandle.current().info().command().orElse("java"))
                .orElseGet(ParleyProcess::image));
        command.add("-Dquarkus.profile=test");
        Config own = ConfigProvider.getConfig();
        for (String name : List.of("jdbc.url", "username", "password")) {
            String property = "quarkus.datasource." + name;
            command.add("-D%s=%s".formatted(property, own.getValue(property, String.class)));
        }
        config.forEach((name, value) -> command.add("-D%s=%s".formatted(name, value)));
        if (jar.isPresent()) {
            command.addAll(AotCache.options(jar.get()));
            command.addAll(List.of(QUICK, AotCache.JVM_OPTION, "-jar", jar.get().toString()));
        }
        return command;
    }

    private static Path jar() throws IOException {
        try (var jars = Files.newDirectoryStream(TARGET, JAR)) {
            var found = jars.iterator();
            assertThat(found).as(MISSING).hasNext();
            return found.next();
        }
    }

    private static String image() {
        assertThat(Path.of(IMAGE)).as(MISSING).isExecutable();
        return IMAGE;
    }

    private boolean isReady() throws InterruptedException {
        assertThat(process.isAlive()).as("The application ended, see %s", log).isTrue();
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/q/health/ready".formatted(port)))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /// What it has logged until now.
    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Where it listens.
    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /// The configuration that gives it the scripted provider's models, as the test itself has them.
    public static Map<String, String> scripted() {
        Config own = ConfigProvider.getConfig();
        var config = new HashMap<String, String>();
        for (String name : own.getPropertyNames()) {
            if (name.startsWith("parley.models.") && name.contains("scripted")) {
                own.getOptionalValue(name, String.class).ifPresent(value -> config.put(name, value));
            }
        }
        // The test's own embedder is not in the package.
        config.put("parley.embedding-model", "none");
        return config;
    }

    /// Like `kill -9`: nothing in it gets to say a last word.
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    /// Like `kill`: it is asked to end.
    public void terminate() {
        process.destroy();
    }

    /// Whether it ended in time.
    public boolean awaitEnd(Duration patience) throws InterruptedException {
        return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
