import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;

/// Measures whole turns: what Parley adds to a provider's answer and to its first token, and how many turns a second
/// it can do. Everything runs on this machine at the same time: the packaged application and its Postgres, and in this
/// process the provider and who asks, on an event loop each. Run by `./dev bench turns`; progress goes to standard
/// error, the result in Markdown to standard output.
final class TurnBench {

    private static final int TENANTS = 100;
    private static final int LONG_TALKS = 10;
    private static final int CLIENTS = 64;
    private static final int RATE = 100;
    private static final int STREAM_RATE = 50;

    /// New conversations must not run out before the time does.
    private static final int MOST_TURNS_A_SECOND = 3000;

    private static final int WARM_UP = 10;

    /// Before each measurement.
    private static final int SETTLE_IN = 2;

    /// A commit that waits so long, as on a disk that does, whoever else commits or not.
    private static final String SLOW_COMMITS = "-c commit_delay=4000 -c commit_siblings=0";

    private final Path jar;
    private final Path log;
    private final int seconds;
    private final InstantProvider provider;
    private final Load load;
    private final List<String> faults = new ArrayList<>();

    private TurnBench(Path jar, Path log, int seconds) throws Exception {
        this.jar = jar;
        this.log = log;
        this.seconds = seconds;
        var vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
        this.provider = InstantProvider.start(vertx);
        this.load = new Load(vertx);
    }

    /// @param arguments jar, log, seconds of each measurement, and whether commits may be made slow
    static void main(String[] arguments) throws Exception {
        try {
            var log = Path.of(arguments[1]);
            Files.deleteIfExists(log);
            var bench = new TurnBench(Path.of(arguments[0]), log, Integer.parseInt(arguments[2]));
            System.exit(bench.run(Boolean.parseBoolean(arguments[3])) ? 0 : 1);
        } catch (Http.Refused e) {
            System.err.println("bench: " + e.getMessage());
            System.exit(1);
        }
    }

    private boolean run(boolean slowly) throws Exception {
        System.out.printf(Locale.ROOT, "%d cores, %d s for each line, one commit %.2f ms, load average before %.1f%n%n",
                Runtime.getRuntime().availableProcessors(), seconds, BenchBooks.commitMillis(""), loadAverage());
        try (var server = start("")) {
            measure(server);
        }
        if (slowly) {
            try (var server = start(SLOW_COMMITS)) {
                measureSlowCommits(server);
            }
        }
        faults.addAll(load.faults());
        System.out.printf(Locale.ROOT, "%nLoad average after %.1f; %d faults%n", loadAverage(), faults.size());
        faults.forEach(fault -> System.out.println("  " + fault));
        return faults.isEmpty();
    }

    /// @param options of its database connections
    private ServerProcess start(String options) throws Exception {
        say("starting the server");
        var settings = new HashMap<>(ServerProcess.model("bench", provider.url()));
        settings.put("parley.conversation.history-items", String.valueOf(BenchTenants.WINDOW));
        // A window forgets what leaves it; folding that into a summary is more than what it is compared with does.
        settings.put("parley.conversation.summary-model", "none");
        if (!options.isEmpty()) settings.put("quarkus.datasource.jdbc.additional-jdbc-properties.options", options);
        return ServerProcess.start(jar, log, settings);
    }

    private void measure(ServerProcess server) throws Exception {
        var url = server.url() + "/v1";
        say("making tenants and conversations");
        var tenants = BenchTenants.make(server.url(), TENANTS);
        var longTalks = tenants.longTalks(LONG_TALKS);
        var whole = new Load.Talks(longTalks, false, true);
        warmUp(url, whole);
        System.out.printf("| Asked %d times a second | p50, ms | p99, ms |%n|---|---:|---:|%n", RATE);
        compare("answer", RATE, url, false, longTalks);
        System.out.printf("%n| Streamed %d times a second | p50, ms | p99, ms |%n|---|---:|---:|%n", STREAM_RATE);
        compare("first token", STREAM_RATE, url, true, longTalks);
        System.out.printf("%n| Turns of %d clients | turns/s | p50, ms | p99, ms | CPU a turn, ms: Parley | Postgres | bench |%n"
                + "|---|---:|---:|---:|---:|---:|---:|%n", CLIENTS);
        throughput(TENANTS + " tenants, new conversations", server, newTalks(tenants));
        throughput(TENANTS + " tenants, windows of " + BenchTenants.WINDOW + " messages", server, whole);
        throughput("one tenant, new conversations", server, newTalksOfOne(tenants));
        checkBooks(tenants);
    }

    private void measureSlowCommits(ServerProcess server) throws Exception {
        var url = server.url() + "/v1";
        var tenants = BenchTenants.make(server.url(), 1);
        warmUp(url, newTalksOfOne(tenants));
        throughput(
                "one tenant, new conversations, one commit %.1f ms".formatted(BenchBooks.commitMillis(SLOW_COMMITS)),
                server,
                newTalksOfOne(tenants));
        checkBooks(tenants);
    }

    private void warmUp(String url, Load.Source source) throws InterruptedException {
        say("warming up");
        load.asFastAsCan(CLIENTS, WARM_UP, url, source);
    }

    private void compare(String what, int rate, String url, boolean streamed, Deque<Question.Talk> talks)
            throws InterruptedException {
        say("measuring each " + what);
        load.atRate(rate, SETTLE_IN, provider.url(), new Load.Bare(streamed));
        var bare = load.atRate(rate, seconds, provider.url(), new Load.Bare(streamed));
        load.atRate(rate, SETTLE_IN, url, new Load.Talks(talks, streamed, true));
        var parley = load.atRate(rate, seconds, url, new Load.Talks(talks, streamed, true));
        row(what + ", provider alone", bare.millis(0.5), bare.millis(0.99));
        row(what + ", through Parley", parley.millis(0.5), parley.millis(0.99));
        row("difference", parley.millis(0.5) - bare.millis(0.5), parley.millis(0.99) - bare.millis(0.99));
    }

    private static void row(String what, double p50, double p99) {
        System.out.printf(Locale.ROOT, "| %s | %.2f | %.2f |%n", what, p50, p99);
    }

    private void throughput(String what, ServerProcess server, Load.Source source) throws Exception {
        say("measuring " + what);
        load.asFastAsCan(CLIENTS, SETTLE_IN, server.url() + "/v1", source);
        var before = Cpu.now(server);
        var sample = load.asFastAsCan(CLIENTS, seconds, server.url() + "/v1", source);
        var used = Cpu.now(server).minus(before);
        System.out.printf(Locale.ROOT, "| %s | %,.0f | %.1f | %.1f | %.2f | %.2f | %.2f |%n", what, sample.rate(),
                sample.millis(0.5), sample.millis(0.99), each(used.parley(), sample), each(used.postgres(), sample),
                each(used.bench(), sample));
    }

    private static double each(Duration used, Load.Sample sample) {
        return used.toNanos() / 1e6 / sample.nanos().length;
    }

    private Load.Source newTalks(BenchTenants tenants) throws SQLException {
        return new Load.Talks(tenants.newTalks(MOST_TURNS_A_SECOND * (seconds + SETTLE_IN) / TENANTS), false, false);
    }

    private Load.Source newTalksOfOne(BenchTenants tenants) throws SQLException {
        return new Load.Talks(tenants.newTalksOfOne(MOST_TURNS_A_SECOND * (seconds + WARM_UP)), false, false);
    }

    /// Each answer is one turn, paid once, that sent all it had to remember.
    private void checkBooks(BenchTenants tenants) throws SQLException {
        var answered = load.takeAnswered();
        var balance = BenchBooks.balance(tenants.ids());
        System.err.printf("bench: %,d answers, %,d turns, %,d ledger lines%n", answered.turns(), balance.completed(),
                balance.lines());
        faults.addAll(balance.faults(answered));
    }

    private static double loadAverage() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static void say(String what) {
        System.err.println("bench: " + what);
    }
}
