package dev.parley.usage;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.postgres.Json;
import dev.parley.postgres.StandaloneTransactions;
import dev.parley.postgres.StandaloneTransactions.Login;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.telemetry.NoMetrics;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Half of a swarm in a process of its own: it shares the database with the other half and nothing else.
final class SwarmProcess implements AutoCloseable {

    private static final int CONNECTIONS = 10;
    private static final String READY = "ready";

    private final Process process;
    private final BufferedReader output;

    private SwarmProcess(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    /// Returns once it is ready to begin, at the speed of a process that has run for a while.
    ///
    /// @param rehearsal a tenant without limits
    static SwarmProcess start(Login login, Swarm.Whose whose, TenantId rehearsal) throws Exception {
        var command = new ArrayList<String>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classPath()));
        command.add(SwarmProcess.class.getName());
        command.addAll(List.of(login.url(), login.user(), login.password()));
        command.addAll(List.of(whose.tenant().value().toString(), whose.key().toString(), whose.user()));
        command.add(Integer.toString(whose.turns()));
        command.add(rehearsal.value().toString());
        var started = new SwarmProcess(new ProcessBuilder(command)
                .redirectError(Path.of("target/swarm-process.log").toFile())
                .start());
        if (!READY.equals(started.output.readLine())) {
            throw new IllegalStateException("The process did not start, see target/swarm-process.log");
        }
        return started;
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    void begin() throws Exception {
        process.outputWriter(StandardCharsets.UTF_8).append("begin\n").flush();
    }

    Swarm.Outcome outcome() throws Exception {
        var receipts = new ArrayList<Swarm.Receipt>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            String[] words = line.split(" ");
            if (words[0].equals("done")) {
                return new Swarm.Outcome(receipts, Integer.parseInt(words[1]), Integer.parseInt(words[2]));
            }
            receipts.add(
                    new Swarm.Receipt(UUID.fromString(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2])));
        }
        throw new IllegalStateException("The process failed, see target/swarm-process.log");
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    public static void main(String[] args) throws Exception {
        Transactions transactions = StandaloneTransactions.open(new Login(args[0], args[1], args[2]), CONNECTIONS);
        Swarm swarm = swarm(transactions, whose(args, args[3]));
        swarm(transactions, whose(args, args[7])).run(0);
        System.out.println(READY);
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        Swarm.Outcome outcome = swarm.run(1_000_000);
        for (Swarm.Receipt receipt : outcome.receipts()) {
            System.out.println(receipt.turn() + " " + receipt.micros() + " " + receipt.tokens());
        }
        System.out.println("done " + outcome.refusals() + " " + outcome.refusedTopUps());
    }

    private static Swarm.Whose whose(String[] args, String tenant) {
        return new Swarm.Whose(
                new TenantId(UUID.fromString(tenant)), UUID.fromString(args[4]), args[5], Integer.parseInt(args[6]));
    }

    private static Swarm swarm(Transactions transactions, Swarm.Whose whose) {
        var json = new Json(new ObjectMapper());
        UsageConfig config = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(UsageConfig.class)
                .build()
                .getConfigMapping(UsageConfig.class);
        var leases = new Leases(transactions, config);
        return new Swarm(
                new Admissions(transactions, json, config, new Closing(leases, config)),
                new Settlements(transactions, json, new Deferred(leases, config), NoMetrics.create()),
                new TopUps(transactions),
                whose);
    }
}
