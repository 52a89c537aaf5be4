import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.postgres.Ids;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Tenants whose every turn has budgets and rate limits to pass, and conversations for them to talk in.
final class BenchTenants {

    /// Messages that a turn remembers.
    static final int WINDOW = 20;

    private static final String OPERATOR = "sk-parley-dev";

    /// High enough to refuse nothing, as everything here is.
    private static final String LIMITS = "\"requests_per_minute\": 100000000, \"tokens_per_minute\": 1000000000000}";

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String url;
    private final List<Tenant> tenants;

    private record Tenant(UUID id, String key) {}

    private BenchTenants(String url, int count) throws InterruptedException {
        this.url = url;
        this.tenants = Collections.synchronizedList(new ArrayList<>());
        Parley.inParallel(IntStream.range(0, count).mapToObj(_ -> () -> tenants.add(make())));
    }

    static BenchTenants make(String url, int count) throws InterruptedException {
        return new BenchTenants(url, count);
    }

    List<UUID> ids() {
        return tenants.stream().map(Tenant::id).toList();
    }

    private Tenant make() {
        var made = post(OPERATOR, "/v1/tenants", "{\"name\": \"bench\"}");
        var id = Ids.parse("tenant_", made.path("id").asText()).orElseThrow();
        var key = made.at("/admin_key/value").asText();
        post(key, "/v1/budgets", "{\"scope\": \"tenant\", \"period\": \"month\", \"limit_micros\": 1000000000000}");
        post(key, "/v1/budgets", "{\"scope\": \"user\", \"period\": \"day\", \"limit_micros\": 1000000000000}");
        post(key, "/v1/rate_limits", "{\"scope\": \"tenant\", " + LIMITS);
        post(key, "/v1/rate_limits", "{\"scope\": \"user\", " + LIMITS);
        return new Tenant(id, key);
    }

    /// Conversations in which nothing was said, straight into the database: a run uses up tens of thousands.
    ///
    /// @param each how many of each tenant
    Deque<Question.Talk> newTalks(int each) throws SQLException {
        return shuffled(newTalks(tenants, each));
    }

    Deque<Question.Talk> newTalksOfOne(int count) throws SQLException {
        return newTalks(tenants.subList(0, 1), count);
    }

    private static Deque<Question.Talk> newTalks(List<Tenant> tenants, int each) throws SQLException {
        var talks = new ArrayDeque<Question.Talk>();
        for (var tenant : tenants) {
            var ids = Stream.generate(Ids::next).limit(each).toArray(UUID[]::new);
            BenchBooks.addConversations(tenant.id(), ids);
            for (var id : ids) talks.add(new Question.Talk(tenant.key(), Ids.format("conv_", id), 0));
        }
        return talks;
    }

    /// Conversations that have a full window of messages behind them.
    Deque<Question.Talk> longTalks(int each) throws InterruptedException {
        var talks = Collections.synchronizedList(new ArrayList<Question.Talk>());
        Parley.inParallel(tenants.stream().map(tenant -> () -> {
            for (int i = 0; i < each; i++) {
                var made = post(tenant.key(), "/v1/conversations", Question.conversation());
                talks.add(new Question.Talk(tenant.key(), made.path("id").asText(), WINDOW));
            }
        }));
        return shuffled(talks);
    }

    private static Deque<Question.Talk> shuffled(Collection<Question.Talk> talks) {
        var list = new ArrayList<>(talks);
        Collections.shuffle(list);
        return new ArrayDeque<>(list);
    }

    private JsonNode post(String key, String path, String body) {
        var request = HttpRequest.newBuilder(URI.create(url + path))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        try {
            var response = client.send(request, BodyHandlers.ofString());
            if (response.statusCode() >= 300) throw new Http.Refused(path + ": " + response.body());
            return Http.JSON.readTree(response.body());
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
