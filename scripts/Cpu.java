import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/// Processor time that each part has used so far: it tells what a turn costs also where others keep the machine busy.
///
/// @param postgres of its processes that serve connections; zero where they are not on this machine
record Cpu(Duration parley, Duration postgres, Duration bench) {

    static Cpu now(ServerProcess server) throws SQLException {
        return new Cpu(
                used(List.of(server.pid())),
                used(BenchBooks.connections()),
                used(List.of(ProcessHandle.current().pid())));
    }

    private static Duration used(List<Long> processes) {
        return processes.stream()
                .flatMap(id -> ProcessHandle.of(id).stream())
                .flatMap(process -> process.info().totalCpuDuration().stream())
                .reduce(Duration.ZERO, Duration::plus);
    }

    Cpu minus(Cpu before) {
        return new Cpu(parley.minus(before.parley), postgres.minus(before.postgres), bench.minus(before.bench));
    }
}
