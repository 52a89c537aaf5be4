import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// Runs the packaged application as AWS Lambda does, behind a gateway as API Gateway is one, on this machine. Run by
/// `./dev lambda`, which says how the function is started.
final class Lambda {

    private Lambda() {}

    static void main(String[] arguments) throws Exception {
        try {
            var settings = LambdaSettings.parse(arguments);
            var function = new LambdaFunction(settings);
            Runtime.getRuntime().addShutdownHook(new Thread(function::close));
            if (settings.event().isPresent()) {
                System.exit(invoke(function, settings.event().get()) ? 0 : 1);
            }
            serve(settings, function);
        } catch (LambdaSettings.Wrong wrong) {
            System.err.println("lambda: " + wrong.getMessage());
            System.exit(2);
        }
    }

    private static void serve(LambdaSettings settings, LambdaFunction function) throws IOException {
        try (var gateway = new Gateway(settings.port(), function)) {
            System.out.printf("""

                      Parley    http://localhost:%1$d   (function '%2$s' under a local Lambda: up to %3$d environments)
                      API key   sk-parley-dev   (development only)
                      Log       %4$s

                      curl -N http://localhost:%1$d/v1/chat/completions \\
                        -H 'Authorization: Bearer sk-parley-dev' -H 'Content-Type: application/json' \\
                        -d '{"model": "extractive", "stream": true, "messages": [{"role": "user", "content": "Hello"}]}'

                      The first request starts an environment. Ctrl-C stops everything.

                    """, gateway.port(), settings.function(), settings.environments(), settings.log());
            gateway.serve();
        }
    }

    /// Whether the function answered.
    private static boolean invoke(LambdaFunction function, Path file) throws IOException, InterruptedException {
        var event = file.toString().equals("-") ? System.in.readAllBytes() : Files.readAllBytes(file);
        long began = System.nanoTime();
        var invocation = new Invocation(event, Invocation.newTraceId(), new Printer(System.out));
        var outcome = function.invoke(invocation);
        invocation.init().ifPresent(init -> System.err.printf(Locale.ROOT, "lambda: init %,d ms, whole %,d ms%n",
                init.toMillis(), (System.nanoTime() - began) / 1_000_000));
        switch (outcome) {
            case Outcome.Answered() -> {}
            case Outcome.Failed(String report) -> System.err.println("lambda: the function failed: " + report);
            case Outcome.Died(String reason) -> System.err.println("lambda: " + reason);
            case Outcome.TimedOut() -> System.err.println("lambda: timed out");
            case Outcome.Throttled() -> System.err.println("lambda: no environment");
        }
        return outcome instanceof Outcome.Answered;
    }
}
