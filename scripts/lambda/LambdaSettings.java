import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is asked for on the command line.
///
/// @param function which of the functions every environment is: the value of `PARLEY_FUNCTION`
/// @param environments at most so many at once
/// @param timeout of an invocation, the start of its environment not included
/// @param idle an environment that has had nothing to do for so long is stopped
/// @param concurrency invocations that one environment is given at once
/// @param event a file to invoke the function with, instead of serving HTTP
/// @param log where the environments write
/// @param command that starts an environment
record LambdaSettings(
        String function,
        int port,
        int environments,
        Duration timeout,
        Duration idle,
        int memory,
        int concurrency,
        Optional<Path> event,
        Path log,
        List<String> command) {

    static final class Wrong extends RuntimeException {
        Wrong(String message) {
            super(message);
        }
    }

    /// @throws Wrong that says what to write
    static LambdaSettings parse(String[] arguments) {
        String function = "all";
        int port = 8080, environments = 4, timeout = 900, idle = 300, memory = 2048, concurrency = 1;
        Optional<Path> event = Optional.empty();
        var log = Path.of(".dev/lambda.log");
        var rest = new ArrayList<>(List.of(arguments));
        while (!rest.isEmpty()) {
            var option = rest.removeFirst();
            if (option.equals("--")) break;
            if (rest.isEmpty()) throw new Wrong(option + " needs a value");
            var value = rest.removeFirst();
            switch (option) {
                case "--function" -> function = value;
                case "--port" -> port = number(option, value, 0);
                case "--environments" -> environments = number(option, value, 1);
                case "--timeout" -> timeout = number(option, value, 1);
                case "--idle" -> idle = number(option, value, 1);
                case "--memory" -> memory = number(option, value, 128);
                case "--concurrency" -> concurrency = number(option, value, 1);
                case "--event" -> event = Optional.of(Path.of(value));
                case "--log" -> log = Path.of(value);
                default -> throw new Wrong("unknown option " + option);
            }
        }
        if (rest.isEmpty()) throw new Wrong("no command after --");
        return new LambdaSettings(function, port, environments, Duration.ofSeconds(timeout), Duration.ofSeconds(idle),
                memory, concurrency, event, log, List.copyOf(rest));
    }

    private static int number(String option, String value, int least) {
        try {
            int number = Integer.parseInt(value);
            if (number >= least) return number;
        } catch (NumberFormatException notOne) {
            // Said below.
        }
        throw new Wrong("%s needs a number of at least %d, not '%s'".formatted(option, least, value));
    }

    String functionName() {
        return "parley-" + function;
    }
}
