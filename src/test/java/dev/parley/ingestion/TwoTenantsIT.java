package dev.parley.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testing.TestStore;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

@QuarkusTest
class TwoTenantsIT {

    private static final int FILES_EACH = 25;

    /// As many requests as a small server's clients have under way.
    private final Semaphore atOnce = new Semaphore(16);

    private static final class Side {
        final String word;
        final TestTenant tenant = TestTenant.create();
        final TestStore store = TestStore.create(tenant.key());
        final Set<String> files = ConcurrentHashMap.newKeySet();

        Side(String word) {
            this.word = word;
        }

        void add(int number) {
            String text = "# Note %d\n\nThe %s keeps secret number %d.".formatted(number, word, number);
            files.add(store.add("%s-%d.md".formatted(word, number), text.getBytes(StandardCharsets.UTF_8)));
        }

        /// Only what this tenant uploaded may be found, at any moment.
        void search() {
            store.search("Who keeps a secret number?")
                    .extract()
                    .<List<String>>path("data.filename")
                    .forEach(name -> assertThat(name).startsWith(word));
        }

        /// An answer, too, may rest on nothing else.
        void ask() {
            var question = Map.of("role", "user", "content", "Which secret number does the %s keep?".formatted(word));
            tenant.request()
                    .body(Map.of(
                            "model", "extractive",
                            "messages", List.of(question),
                            "parley", Map.of("vector_store_ids", List.of(store.id()))))
                    .post("/v1/chat/completions")
                    .then()
                    .statusCode(200)
                    .extract()
                    .<List<String>>path("parley.receipt.passages.filename")
                    .forEach(name -> assertThat(name).startsWith(word));
        }
    }

    @Test
    void fiftyFilesOfTwoTenantsCompleteWhileBothSearchAndChatAndNeitherSeesTheOther() throws Exception {
        var sides = List.of(new Side("heron"), new Side("stork"));

        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var requests = new ArrayList<Callable<Void>>();
            for (int i = 0; i < FILES_EACH; i++) {
                int number = i;
                for (Side side : sides) {
                    requests.add(request(() -> side.add(number)));
                    requests.add(request(side::search));
                    requests.add(request(side::ask));
                }
            }
            for (Future<Void> request : clients.invokeAll(requests)) {
                request.get();
            }
        }

        for (Side side : sides) {
            side.store.awaitCompleted(FILES_EACH);
            assertThat(side.store.found(side.word + " secret number"))
                    .isNotEmpty()
                    .allMatch(side.files::contains);
            side.tenant.request().get("/v1/dead_letters").then().statusCode(200);
        }
        String other = sides.getFirst().files.iterator().next();
        sides.getLast().tenant.request().get("/v1/files/" + other).then().statusCode(404);
    }

    private Callable<Void> request(Runnable request) {
        return () -> {
            atOnce.acquire();
            try {
                request.run();
            } finally {
                atOnce.release();
            }
            return null;
        };
    }
}
