import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The packaged application as a process that may be killed at any moment.
final class DrillServer implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(2);

    private final Process process;
    private final int port;

    private DrillServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /// Returns once it is ready.
    static DrillServer start(Path jar, Path log, DrillProvider provider) throws IOException, InterruptedException {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        var process = new ProcessBuilder(command(jar, port, provider))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        var server = new DrillServer(process, port);
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        server.awaitReady(log);
        return server;
    }

    private static List<String> command(Path jar, int port, DrillProvider provider) {
        var command = new ArrayList<String>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        var config = Map.ofEntries(
                Map.entry("quarkus.profile", "dev"),
                Map.entry("quarkus.http.host", "127.0.0.1"),
                Map.entry("quarkus.http.port", String.valueOf(port)),
                Map.entry("parley.embedding-model", "none"),
                // Soon taken for dead, so that a drill does not take all day.
                Map.entry("parley.usage.lease", "2s"),
                // The database may have been started for the drill.
                Map.entry("quarkus.datasource.jdbc.additional-jdbc-properties.options", "-c parley.lease_grace=0"),
                Map.entry("parley.job.lease", "2s"),
                Map.entry("parley.job.housekeeping.poll", "500ms"),
                Map.entry("parley.models.providers.drill.type", "openai"),
                Map.entry("parley.models.providers.drill.base-url", provider.url()),
                Map.entry("parley.models.providers.drill.api-key", "drill"),
                // An answer that is lost is not asked for again: so every second call is one too many.
                Map.entry("parley.models.providers.drill.max-retries", "0"),
                Map.entry("parley.models.chat.drill.provider", "drill"),
                Map.entry("parley.models.chat.drill.name", "drill"),
                Map.entry("parley.models.chat.drill.context-window", "8192"),
                Map.entry("parley.models.chat.drill.max-output-tokens", "512"),
                Map.entry("parley.models.chat.drill.price.input", "1"),
                Map.entry("parley.models.chat.drill.price.output", "2"));
        config.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-jar", jar.toString()));
        return command;
    }

    private void awaitReady(Path log) throws InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < deadline && process.isAlive()) {
            if (isReady()) return;
            Thread.sleep(100);
        }
        process.destroyForcibly();
        throw new Http.Refused("the server did not start; see " + log);
    }

    private boolean isReady() throws InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create(url() + "/q/health/ready")).timeout(Duration.ofSeconds(5)).build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    /// Like `kill -9`.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }
}
