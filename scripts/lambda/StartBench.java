import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;

/// Measures where the time of a start goes: from the start of the process to the application's `main`, from there until
/// it is ready, from there to its first answer, which is a whole chat turn. As a server and as a function, without and
/// with the AOT cache, in turn, so that what else the machine does falls on all alike. Run by `./dev bench start`.
final class StartBench {

    private static final String KEY = "sk-parley-dev";
    private static final String QUESTION = "{\"model\":\"extractive\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

    /// The launcher's own account, in microseconds: it has no other hook before `main`.
    private static final Pattern LAUNCHER = Pattern.compile("(\\d+) micro seconds to (?:InitializeJVM|load main class)");

    private final Path log;
    private final List<String> java;
    private final List<String> function;
    private final List<String> aot;
    private final List<String> jar;

    /// One start: milliseconds from one mark to the next, and the processor's until the last.
    private record Start(double main, double ready, double answer, double cpu) {

        double whole() {
            return main + ready + answer;
        }
    }

    private interface Kind {
        Start start(List<String> command) throws Exception;
    }

    private record Case(String name, Kind kind, List<String> command, List<Start> starts) {}

    /// @param arguments runs, log, and then the words of a command in groups that end with `--`: the JVM with options of
    /// both, options of a function, options that use the cache, the jar
    private StartBench(String[] arguments) {
        this.log = Path.of(arguments[1]);
        var groups = new ArrayList<List<String>>();
        groups.add(new ArrayList<>());
        for (var word : List.of(arguments).subList(2, arguments.length)) {
            if (word.equals("--")) groups.add(new ArrayList<>());
            else groups.getLast().add(word);
        }
        this.java = groups.get(0);
        this.function = groups.get(1);
        this.aot = groups.get(2);
        this.jar = groups.get(3);
    }

    static void main(String[] arguments) throws Exception {
        new StartBench(arguments).run(Integer.parseInt(arguments[0]));
        System.exit(0);
    }

    private void run(int runs) throws Exception {
        var cases = List.of(
                new Case("server", this::server, command(List.of(), List.of()), new ArrayList<>()),
                new Case("server, AOT cache", this::server, command(List.of(), aot), new ArrayList<>()),
                new Case("function", this::function, command(function, List.of()), new ArrayList<>()),
                new Case("function, AOT cache", this::function, command(function, aot), new ArrayList<>()));
        double before = load();
        for (int run = 0; run <= runs; run++) {
            System.err.printf("bench: %s%n", run == 0 ? "warming up" : "run " + run + " of " + runs);
            for (var each : cases) {
                var start = each.kind().start(each.command());
                System.err.printf(Locale.ROOT, "bench: %s: whole %,.0f ms, processor %,.0f ms%n", each.name(), start.whole(), start.cpu());
                if (run > 0) each.starts().add(start);
            }
        }
        System.out.printf(Locale.ROOT, "%d cores, %d runs of each in turn, load average %.1f before and %.1f after; ms, median (min–max)%n%n",
                Runtime.getRuntime().availableProcessors(), runs, before, load());
        System.out.println("| | process to main | main to ready | ready to first answer | whole | processor time |\n|---|---:|---:|---:|---:|---:|");
        for (var each : cases) {
            System.out.printf("| %s | %s | %s | %s | %s | %s |%n", each.name(), of(each, Start::main), of(each, Start::ready),
                    of(each, Start::answer), of(each, Start::whole), of(each, Start::cpu));
        }
    }

    private List<String> command(List<String> kind, List<String> cache) {
        var command = new ArrayList<>(java);
        command.addAll(kind);
        command.addAll(cache);
        command.addAll(jar);
        return command;
    }

    /// Ready when its port takes a connection.
    private Start server(List<String> command) throws Exception {
        Files.deleteIfExists(log);
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(Map.of("QUARKUS_HTTP_HOST", "127.0.0.1", "QUARKUS_HTTP_PORT", String.valueOf(port),
                "_JAVA_LAUNCHER_DEBUG", "1"));
        long began = System.nanoTime();
        var process = builder.start();
        try (var client = HttpClient.newHttpClient()) {
            while (!accepts(port)) {
                if (!process.isAlive()) throw new IOException("the application ended; see " + log);
                Thread.sleep(2);
            }
            long ready = System.nanoTime();
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/v1/chat/completions".formatted(port)))
                    .header("Authorization", "Bearer " + KEY).header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(QUESTION)).build();
            var answer = client.send(request, BodyHandlers.ofString());
            check(answer.statusCode());
            return split(process.toHandle(), began, ready, System.nanoTime());
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static boolean accepts(int port) {
        try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /// Ready when it polls for the first time.
    private Start function(List<String> command) throws Exception {
        Files.deleteIfExists(log);
        var all = new ArrayList<>(List.of("env", "_JAVA_LAUNCHER_DEBUG=1"));
        all.addAll(command);
        var settings = new LambdaSettings("all", 0, 1, Duration.ofMinutes(1), Duration.ofHours(1), 2048, 1, Optional.empty(),
                log, all);
        long began = System.nanoTime();
        try (var environment = LambdaEnvironment.start("bench", settings, _ -> {})) {
            var poll = environment.first().get(2, TimeUnit.MINUTES);
            long ready = System.nanoTime();
            var status = new Status();
            var invocation = new Invocation(event(), Invocation.newTraceId(), status);
            environment.give(poll, invocation);
            if (!(invocation.outcome().get(1, TimeUnit.MINUTES) instanceof Outcome.Answered)) {
                throw new IOException("no answer; see " + log);
            }
            check(status.status);
            return split(environment.process(), began, ready, System.nanoTime());
        }
    }

    private static byte[] event() throws IOException {
        return GatewayHead.json(new LinkedHashMap<>(Map.of(
                "resource", "/{proxy+}", "path", "/v1/chat/completions", "httpMethod", "POST",
                "multiValueHeaders", Map.of("Authorization", List.of("Bearer " + KEY), "Content-Type", List.of("application/json")),
                "requestContext", Map.of("requestId", "bench", "stage", "bench"),
                "body", QUESTION, "isBase64Encoded", false)));
    }

    private Start split(ProcessHandle process, long began, long ready, long answered) throws IOException {
        var launcher = LAUNCHER.matcher(Files.readString(log, StandardCharsets.UTF_8));
        double main = 0;
        while (launcher.find()) main += Long.parseLong(launcher.group(1)) / 1e3;
        double cpu = process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e6;
        return new Start(main, (ready - began) / 1e6 - main, (answered - ready) / 1e6, cpu);
    }

    private static void check(int status) throws IOException {
        if (status != 200) throw new IOException("answered with " + status);
    }

    private static String of(Case measured, ToDoubleFunction<Start> part) {
        double[] sorted = measured.starts().stream().mapToDouble(part).sorted().toArray();
        return String.format(Locale.ROOT, "%,.0f (%,.0f–%,.0f)", sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static final class Status implements Receiver {

        private volatile int status;

        @Override
        public void streamed(InputStream body) throws IOException {
            status = Prelude.read(body).status();
            body.transferTo(OutputStream.nullOutputStream());
        }

        @Override
        public void buffered(byte[] body) throws IOException {
            status = GatewayHead.of(GatewayHead.parse(body)).status();
        }
    }
}
