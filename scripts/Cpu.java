import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/// Processor time that each part has used so far: it tells what a turn costs also where others keep the machine busy.
///
/// @param postgres of its processes that serve connections; zero when they are out of sight, in a container or elsewhere
record Cpu(Duration parley, Duration postgres, Duration bench) {

    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(2);

    static Cpu now(ServerProcess server) throws SQLException {
        var connections = BenchBooks.connections();
        return new Cpu(
                used(ProcessHandle.of(server.pid()).stream()),
                used(connections.entrySet().stream().flatMap(each -> process(each.getKey(), each.getValue()).stream())),
                used(Stream.of(ProcessHandle.current())));
    }

    /// An id counts where it was given: here it may be another process's.
    private static Optional<ProcessHandle> process(long id, Instant began) {
        return ProcessHandle.of(id).filter(process -> process.info()
                .startInstant()
                .filter(start -> Duration.between(start, began).abs().compareTo(CLOCKS_DIFFER) < 0)
                .isPresent());
    }

    private static Duration used(Stream<ProcessHandle> processes) {
        return processes
                .flatMap(process -> process.info().totalCpuDuration().stream())
                .reduce(Duration.ZERO, Duration::plus);
    }

    Cpu minus(Cpu before) {
        return new Cpu(parley.minus(before.parley), postgres.minus(before.postgres), bench.minus(before.bench));
    }
}
