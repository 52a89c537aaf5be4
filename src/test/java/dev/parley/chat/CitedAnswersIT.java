package dev.parley.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.testing.CapturedLogs;
import dev.parley.testing.TestStore;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Answers from files that were really ingested, by the extractive model.
@QuarkusTest
class CitedAnswersIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String QUESTION = "How long may a parcel stay at the counter?";
    private static final String COUNTER = "📦🚲 A parcel may stay at the counter for nine days.";
    private static final String STAMPS = "Stamps are sold in sheets of ten.";

    private final TestTenant tenant = TestTenant.create();
    private final TestStore store = TestStore.create(tenant.key());

    @Test
    void citationsStandWhereTheMarkersAreAndNameTheFile() throws IOException {
        String counter = ingest("counter.txt", COUNTER);
        ingest("stamps.txt", STAMPS);

        JsonNode answer =
                JSON.readTree(ask(parley(store, "")).statusCode(200).extract().asString());

        JsonNode message = answer.at("/choices/0/message");
        String text = message.path("content").asText();
        assertThat(text).contains("nine days");
        assertCited(text, annotations(message), counter);
        assertThat(answer.at("/parley/receipt/passages/0/file_id").asText()).isEqualTo(counter);
        assertThat(answer.at("/parley/receipt/passages/0/index").asInt()).isEqualTo(1);
        assertThat(answer.at("/parley/receipt/passages/0/vector_store_id").asText())
                .isEqualTo(store.id());
        assertThat(answer.at("/parley/receipt/degraded").asBoolean(true)).isFalse();
    }

    @Test
    void aStreamSaysTheSame() {
        String counter = ingest("counter.txt", COUNTER);
        String whole = ask(parley(store, "")).extract().path("choices[0].message.content");

        try (var stream = EventStream.open(tenant.key(), ChatRequests.streamed(parley(store, "")))) {
            List<JsonNode> events = stream.rest();

            var annotations = new ArrayList<JsonNode>();
            events.forEach(event -> annotations.addAll(annotations(event.at("/choices/0/delta"))));
            assertThat(EventStream.text(events)).isEqualTo(whole);
            assertCited(whole, annotations, counter);
            assertThat(events)
                    .extracting(event ->
                            event.at("/parley/receipt/passages/0/file_id").asText())
                    .contains(counter);
            assertThat(stream.isDone()).isTrue();
        }
    }

    @Test
    void aFileSearchToolSearchesFlatAndNested() {
        String counter = ingest("counter.txt", COUNTER);
        String members = "\"vector_store_ids\": [\"%s\"]".formatted(store.id());

        for (String tool : List.of(members, "\"file_search\": {" + members + "}")) {
            String request = ChatRequests.with(
                    ChatRequests.to("extractive", QUESTION), "\"tools\": [{\"type\": \"file_search\", " + tool + "}]");
            tenant.request()
                    .body(request)
                    .post("/v1/chat/completions")
                    .then()
                    .statusCode(200)
                    .body("choices[0].message.content", containsString("nine days"))
                    .body("choices[0].message.annotations.file_citation.file_id", hasItem(counter));
        }
    }

    @Test
    void filtersChooseAmongFiles() {
        ingest("counter.txt", COUNTER);
        String locker = ingest("locker.txt", "A parcel may stay at the counter of lockers for two days.");
        tenant.request()
                .body(Map.of("attributes", Map.of("place", "locker")))
                .post("/v1/vector_stores/" + store.id() + "/files/" + locker)
                .then()
                .statusCode(200);

        ask(parley(store, ", \"filters\": {\"type\": \"eq\", \"key\": \"place\", \"value\": \"locker\"}"))
                .statusCode(200)
                .body("choices[0].message.content", containsString("two days"))
                .body("choices[0].message.content", not(containsString("nine days")))
                .body("parley.receipt.passages.file_id", contains(locker))
                .body("choices[0].message.annotations.file_citation.file_id", everyItem(equalTo(locker)));
    }

    @Test
    void anotherTenantsStoreIsNotFound() {
        TestStore foreign = TestStore.create(TestTenant.create().key());

        ask(parley(foreign, "")).statusCode(404).body("error.message", containsString(foreign.id()));
    }

    @Test
    void anEmptyStoreHasNoAnswer() {
        ask(parley(store, ""))
                .statusCode(200)
                .body("choices[0].message.content", equalTo("Nothing in the documents answers this question."))
                .body("choices[0].message.annotations", hasSize(0))
                .body("parley.receipt.passages", hasSize(0));
    }

    @Test
    void nothingSaidOrFoundIsLogged() {
        String canary = "canary" + UUID.randomUUID().toString().replace("-", "");
        var logs = CapturedLogs.start();
        try {
            ingest(canary + ".txt", "The " + canary + " stays at the counter for nine days.");
            ObjectNode question = ChatRequests.to("extractive", "How long does the " + canary + " stay?");
            question.set("parley", parley(store, "").path("parley"));

            ask(question).statusCode(200).body("choices[0].message.content", containsString(canary));
            try (var stream = EventStream.open(tenant.key(), ChatRequests.streamed(question))) {
                assertThat(EventStream.text(stream.rest())).contains(canary);
            }
        } finally {
            logs.close();
        }

        assertThat(logs.text()).doesNotContain(canary).doesNotContain(tenant.key());
    }

    private String ingest(String filename, String text) {
        String file = store.add(filename, text.getBytes(StandardCharsets.UTF_8));
        store.awaitStatus(file, "completed");
        return file;
    }

    private ValidatableResponse ask(ObjectNode request) {
        return tenant.request()
                .body(request.toString())
                .post("/v1/chat/completions")
                .then();
    }

    private static ObjectNode parley(TestStore store, String more) {
        ObjectNode request = ChatRequests.to("extractive", QUESTION);
        try {
            request.set("parley", JSON.readTree("{\"vector_store_ids\": [\"" + store.id() + "\"]" + more + "}"));
            return request;
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private static List<JsonNode> annotations(JsonNode message) {
        var found = new ArrayList<JsonNode>();
        message.path("annotations").forEach(annotation -> found.add(annotation.path("file_citation")));
        return found;
    }

    /// Positions are code points: what stands there is the marker, emoji before it or not.
    private static void assertCited(String text, List<JsonNode> annotations, String firstFile) {
        assertThat(annotations).isNotEmpty();
        assertThat(annotations.getFirst().path("file_id").asText()).isEqualTo(firstFile);
        int[] points = text.codePoints().toArray();
        for (JsonNode annotation : annotations) {
            int start = annotation.path("start_index").asInt();
            int end = annotation.path("end_index").asInt();
            assertThat(new String(points, start, end - start))
                    .isEqualTo("[%d]".formatted(annotation.path("index").asInt()));
        }
    }
}
