package dev.parley.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.JsonField;
import dev.parley.postgres.Ids;
import dev.parley.postgres.Json;
import dev.parley.postgres.Transactions;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A split over 10,000 users, by the statement that turns use.
@QuarkusTest
class StickySplitIT {

    private static final int USERS = 10_000;
    private static final int THREADS = 8;

    @Inject
    PromptUses uses;

    @Inject
    Transactions transactions;

    @Inject
    Json json;

    private final TestPrompts prompts = TestPrompts.create();

    /// The version of each user, all found as a turn finds it.
    private Map<String, Integer> versions() {
        var reference = new JsonField("prompt", json.tree("{\"id\": \"split\"}"));
        var versions = new ConcurrentHashMap<String, Integer>();
        try (var threads = Executors.newFixedThreadPool(THREADS)) {
            IntStream.range(0, USERS)
                    .forEach(i -> threads.execute(() -> {
                        String user = "user-" + i;
                        var occasion = new Occasion(Ids.next(), null, null, user);
                        versions.put(
                                user,
                                uses.use(prompts.tenant().id(), reference, occasion)
                                        .version());
                    }));
        }
        assertThat(versions).hasSize(USERS);
        return versions;
    }

    private static long count(Map<String, Integer> versions, int version) {
        return versions.values().stream().filter(each -> each == version).count();
    }

    private void split(String id, int first, int second) {
        prompts.move(
                        id,
                        "production",
                        "{'split': [{'version': 1, 'percent': %d}, {'version': 2, 'percent': %d}], 'sticky': 'user'}"
                                .formatted(first, second))
                .statusCode(200);
    }

    private static long moved(Map<String, Integer> before, Map<String, Integer> after) {
        return before.entrySet().stream()
                .filter(user -> !after.get(user.getKey()).equals(user.getValue()))
                .count();
    }

    /// Four standard deviations of a count with this chance: less than one run in ten thousand is outside.
    private static void assertShare(long count, double share) {
        double deviation = 4 * Math.sqrt(USERS * share * (1 - share));
        assertThat((double) count).isBetween(USERS * share - deviation, USERS * share + deviation);
    }

    @Test
    void eachSideGetsItsShareStaysTheSameAndGrowsByTheDifferenceAlone() {
        String id = prompts.made("split", "scripted", "One.");
        prompts.version(id, "{'messages': [{'role': 'system', 'content': 'Two.'}]}");
        split(id, 90, 10);

        Map<String, Integer> before = versions();
        assertShare(count(before, 2), 0.1);
        assertThat(moved(before, versions())).isZero();

        split(id, 70, 30);
        Map<String, Integer> after = versions();
        assertShare(count(after, 2), 0.3);
        // Whoever had the second version has it still: only the twenty percent between came over.
        assertThat(before.entrySet())
                .filteredOn(user -> user.getValue() == 2)
                .allMatch(user -> after.get(user.getKey()) == 2);
        assertShare(moved(before, after), 0.2);
    }

    /// Written down and computed by somebody else: no process, release or database may change it.
    @Test
    void theBucketIsWhatTheDocumentationSays() throws Exception {
        UUID prompt = UUID.fromString("0197a0c0-0000-7000-8000-000000000001");
        for (int i = 0; i < 100; i++) {
            String key = "käy-" + i;
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((prompt + "/production/" + key).getBytes(StandardCharsets.UTF_8));
            long first = (hash[0] & 0xFFL) << 24 | (hash[1] & 0xFF) << 16 | (hash[2] & 0xFF) << 8 | (hash[3] & 0xFF);
            List<Integer> buckets = transactions.list(
                    prompts.tenant().id(),
                    "SELECT prompt_bucket(?, 'production', ?)",
                    row -> row.getInt(1),
                    prompt,
                    key);
            assertThat(buckets).containsExactly((int) (first % 10_000));
        }
    }

    @Test
    void withoutAnythingToStickToEachTurnIsDealtByChance() {
        String id = prompts.made("split", "scripted", "One.");
        prompts.version(id, "{'messages': [{'role': 'system', 'content': 'Two.'}]}");
        split(id, 50, 50);
        var reference = new JsonField("prompt", json.tree("{\"id\": \"split\"}"));

        assertThat(IntStream.range(0, 100)
                        .map(_ -> uses.use(prompts.tenant().id(), reference, new Occasion(Ids.next(), null, null, null))
                                .version())
                        .distinct()
                        .toArray())
                .containsExactlyInAnyOrder(1, 2);
    }
}
