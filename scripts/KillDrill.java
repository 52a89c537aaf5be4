import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/// Kills the server at random moments while clients ask, and then sees whether anything was lost, stuck, said
/// differently or billed twice.
///
/// Run by `./dev drill kill [--rounds N]`.
final class KillDrill {

    private static final int CLIENTS = 8;
    private static final int LONGEST_LIFE_MS = 2500;

    private final Path jar;
    private final Path log;
    private final int rounds;
    private final Random random = new Random();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5)).build();
    private final Map<DrillQuestion, Optional<DrillQuestion.Answer>> asked = new ConcurrentHashMap<>();
    private final List<String> faults = new ArrayList<>();
    private String apiKey = "sk-parley-dev";
    private DrillBooks books = new DrillBooks("");

    private KillDrill(Path jar, Path log, int rounds) {
        this.jar = jar;
        this.log = log;
        this.rounds = rounds;
    }

    static void main(String[] arguments) throws Exception {
        try (var provider = DrillProvider.start()) {
            var drill = new KillDrill(Path.of(arguments[0]), Path.of(arguments[1]), Integer.parseInt(arguments[2]));
            Files.deleteIfExists(drill.log);
            boolean passed = drill.run(provider);
            System.exit(passed ? 0 : 1);
        } catch (Http.Refused e) {
            System.err.println("drill: " + e.getMessage());
            System.exit(1);
        }
    }

    private boolean run(DrillProvider provider) throws Exception {
        for (int round = 1; round <= rounds; round++) {
            var server = ServerProcess.start(jar, log, settings(provider));
            if (round == 1) prepareTenant(server);
            askUntilKilled(server, round);
            System.out.printf("\rRound %d of %d: %d questions asked, %d answered before a kill ", round, rounds,
                    asked.size(), asked.values().stream().filter(Optional::isPresent).count());
        }
        System.out.println();
        try (var server = ServerProcess.start(jar, log, settings(provider))) {
            awaitQuiet();
            asked.forEach((question, before) -> askAgain(server, provider, question, before));
            faults.addAll(books.faults());
        }
        return report();
    }

    private static Map<String, String> settings(DrillProvider provider) {
        var settings = new HashMap<>(ServerProcess.model("drill", provider.url()));
        // Soon taken for dead, so that a drill does not take all day.
        settings.put("parley.usage.lease", "2s");
        // The database may have been started for the drill.
        settings.put("quarkus.datasource.jdbc.additional-jdbc-properties.options", "-c parley.lease_grace=0");
        settings.put("parley.job.lease", "2s");
        settings.put("parley.job.housekeeping.poll", "500ms");
        // An answer that is lost is not asked for again: so every second call is one too many.
        settings.put("parley.models.providers.drill.max-retries", "0");
        return settings;
    }

    private void prepareTenant(ServerProcess server) throws IOException, InterruptedException {
        var tenant = post(server, "/v1/tenants", "{\"name\": \"drill\"}");
        apiKey = tenant.at("/admin_key/value").asText();
        books = new DrillBooks(tenant.path("id").asText().replaceFirst("^tenant_", "")
                .replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5"));
        post(server, "/v1/budgets", "{\"scope\": \"tenant\", \"period\": \"month\", \"limit_micros\": 1000000000}");
    }

    private JsonNode post(ServerProcess server, String path, String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(server.url() + path))
                .header("Authorization", "Bearer " + apiKey)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        var response = client.send(request, BodyHandlers.ofString());
        if (response.statusCode() >= 300) throw new Http.Refused(path + ": " + response.body());
        return Http.JSON.readTree(response.body());
    }

    private void askUntilKilled(ServerProcess server, int round) throws InterruptedException {
        var dead = new AtomicBoolean();
        var begun = new CountDownLatch(1);
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CLIENTS; i++) {
                var name = "drill-%d-%d".formatted(round, i);
                clients.submit(() -> {
                    for (int n = 0; !dead.get(); n++) {
                        begun.countDown();
                        ask(server, name + "-" + n);
                    }
                    return null;
                });
            }
            begun.await();
            Thread.sleep(random.nextInt(LONGEST_LIFE_MS));
            server.kill();
            dead.set(true);
        }
    }

    private void ask(ServerProcess server, String key) throws InterruptedException {
        var kinds = DrillQuestion.Kind.values();
        var question = new DrillQuestion(key, kinds[random.nextInt(kinds.length)]);
        asked.put(question, Optional.empty());
        question.ask(client, server.url(), apiKey).filter(answer -> answer.status() == 200)
                .ifPresent(answer -> asked.put(question, Optional.of(answer)));
    }

    /// Until every turn of a dead process was found and settled.
    private void awaitQuiet() throws InterruptedException, SQLException {
        for (int i = 0; i < 120 && books.openTurns() > 0; i++) Thread.sleep(500);
    }

    private void askAgain(ServerProcess server, DrillProvider provider, DrillQuestion question,
            Optional<DrillQuestion.Answer> before) {
        try {
            var first = question.ask(client, server.url(), apiKey);
            var second = question.ask(client, server.url(), apiKey);
            if (first.isEmpty() || first.get().isComing()) faults.add(question + " has no answer: " + first);
            else if (!first.equals(second)) faults.add(question + " has two answers: " + first + ", " + second);
            else if (before.isPresent() && !before.equals(first))
                faults.add(question + " was answered differently: " + before + ", " + first);
            if (provider.calls(question.key()) > 1)
                faults.add(question + " reached the provider " + provider.calls(question.key()) + " times");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean report() throws SQLException {
        System.out.printf("%d kills, %d questions, %d turns, %d of them settled by estimate, %d faults%n", rounds,
                asked.size(), books.turns(), books.estimated(), faults.size());
        faults.stream().limit(20).forEach(fault -> System.out.println("  " + fault));
        return faults.isEmpty();
    }
}
