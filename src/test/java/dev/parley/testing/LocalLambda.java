package dev.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What `./dev lambda` starts: a gateway before a function, as processes of their own.
public final class LocalLambda implements AutoCloseable {

    private static final Pattern URL = Pattern.compile("http://localhost:(\\d+)");
    private static final String JAVA = ProcessHandle.current().info().command().orElse("java");

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
        return start(
                List.of(JAVA, "-XX:TieredStopAtLevel=1", "src/test/java/dev/parley/testing/FakeFunction.java"),
                options);
    }

    private static LocalLambda start(List<String> function, String... options) throws IOException {
        Path log = Files.createTempFile(Path.of("target"), "local-lambda-", ".log");
        var command = new ArrayList<>(List.of(JAVA, "-cp", "target/lib/*", "scripts/lambda/Lambda.java"));
        command.addAll(List.of("--port", "0", "--log", log.toString()));
        command.addAll(List.of(options));
        command.add("--");
        command.addAll(function);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        BufferedReader output = process.inputReader();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher url = URL.matcher(line);
            if (url.find()) {
                return new LocalLambda(process, output, Integer.parseInt(url.group(1)));
            }
        }
        throw new IOException("The gateway did not start");
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
