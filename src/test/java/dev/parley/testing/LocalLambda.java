package dev.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What `./dev lambda` starts: a gateway before a function, as processes of their own.
public final class LocalLambda implements AutoCloseable {

    private static final Pattern URL = Pattern.compile("http://localhost:(\\d+)");
    private static final String JAVA = ProcessHandle.current().info().command().orElse("java");
    private static final List<String> FAKE =
            List.of(JAVA, ParleyProcess.QUICK, "-cp", "target/test-classes", "dev.parley.testing.FakeFunction");

    private final Process process;
    private final BufferedReader output;
    private final int port;

    private LocalLambda(Process process, BufferedReader output, int port) {
        this.process = process;
        this.output = output;
        this.port = port;
    }

    /// The packaged application, on the database of the test.
    public static LocalLambda ofParley(Map<String, String> config, String... options) throws IOException {
        return start(ParleyProcess.command(config), options);
    }

    /// A function that does as the path it is asked for says.
    public static LocalLambda ofFake(String... options) throws IOException {
        return start(FAKE, options);
    }

    private static LocalLambda start(List<String> function, String... options) throws IOException {
        Process process = new ProcessBuilder(command(function, options))
                .redirectErrorStream(true)
                .start();
        BufferedReader output = process.inputReader();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher url = URL.matcher(line);
            if (url.find()) {
                return new LocalLambda(process, output, Integer.parseInt(url.group(1)));
            }
        }
        throw new IOException("The gateway did not start");
    }

    /// What a function is said to answer to the event, if it does.
    public static Optional<String> invokeFake(String event) throws IOException, InterruptedException {
        Path file = Files.createTempFile(Path.of("target"), "event-", ".json");
        Files.writeString(file, event);
        Process process = new ProcessBuilder(command(FAKE, "--event", file.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? Optional.of(answer) : Optional.empty();
    }

    private static List<String> command(List<String> function, String... options) throws IOException {
        Path log = Files.createTempFile(Path.of("target"), "local-lambda-", ".log");
        var command = new ArrayList<>(List.of(
                JAVA,
                ParleyProcess.QUICK,
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "scripts/lambda/Lambda.java"));
        command.addAll(List.of("--port", "0", "--log", log.toString()));
        command.addAll(List.of(options));
        command.add("--");
        command.addAll(function);
        return command;
    }

    public int port() {
        return port;
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /// What is said of the next request that has ended.
    public String nextReport() throws IOException {
        String line = output.readLine();
        while (!line.matches("\\d\\d:\\d\\d:\\d\\d .*")) {
            line = output.readLine();
        }
        return line;
    }

    /// The processes of the function that live.
    public List<ProcessHandle> environments() {
        return process.children().toList();
    }

    @Override
    public void close() throws InterruptedException {
        List<ProcessHandle> environments = environments();
        process.destroy();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        environments.forEach(environment ->
                environment.onExit().orTimeout(10, TimeUnit.SECONDS).join());
    }
}
