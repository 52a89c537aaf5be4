import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The packaged application as a process that may be killed at any moment.
final class ServerProcess implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(2);

    private final Process process;
    private final int port;

    private ServerProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /// Returns once it is ready.
    ///
    /// @param settings besides those that every such process has
    static ServerProcess start(Path jar, Path log, Map<String, String> settings) throws IOException, InterruptedException {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        var process = new ProcessBuilder(command(jar, port, settings))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        var server = new ServerProcess(process, port);
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        server.awaitReady(log);
        return server;
    }

    private static List<String> command(Path jar, int port, Map<String, String> settings) {
        var all = new HashMap<>(Map.of(
                "quarkus.profile", "dev",
                "quarkus.http.host", "127.0.0.1",
                "quarkus.http.port", String.valueOf(port),
                "parley.embedding-model", "none"));
        all.putAll(settings);
        var command = new ArrayList<String>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        all.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-jar", jar.toString()));
        return command;
    }

    /// What makes `name` a chat model, and the provider at `url` answer for it.
    static Map<String, String> model(String name, String url) {
        var provider = "parley.models.providers." + name;
        var model = "parley.models.chat." + name;
        return Map.of(
                provider + ".type", "openai",
                provider + ".base-url", url,
                provider + ".api-key", name,
                model + ".provider", name,
                model + ".name", name,
                model + ".context-window", "8192",
                model + ".max-output-tokens", "512",
                model + ".price.input", "1",
                model + ".price.output", "2");
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

    long pid() {
        return process.pid();
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
