package dev.parley.chat.responses;

import static dev.parley.testing.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.chat.EventStream;
import dev.parley.testing.TestTenant;
import dev.parley.testing.WithoutWorkers;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Streams of responses that no worker has begun.
@QuarkusTest
@TestProfile(WithoutWorkers.class)
class QueuedStreamIT {

    private final String key = TestTenant.create().key();

    @Test
    void aStreamNamesItsResponseBeforeAWorkerHasIt() throws Exception {
        String body = ResponseRequests.body("'background': true, 'stream': true, 'input': 'Hi'")
                .toString();
        try (EventStream stream = EventStream.post(key, "/v1/responses", body)) {
            List<JsonNode> opening = stream.next(2);

            assertThat(opening)
                    .extracting(event -> event.path("type").asText())
                    .containsExactly("response.created", "response.queued");
            assertThat(opening)
                    .extracting(event -> event.path("sequence_number").asInt())
                    .containsExactly(0, 1);
            JsonNode response = opening.getFirst().path("response");
            assertThat(response.path("status").asText()).isEqualTo("queued");

            as(key).post("/v1/responses/" + response.path("id").asText() + "/cancel")
                    .then()
                    .body("status", equalTo("cancelled"));

            JsonNode end = stream.next();
            assertThat(end.path("type").asText()).isEqualTo("response.incomplete");
            assertThat(end.path("response").path("id")).isEqualTo(response.path("id"));
            assertThat(end.path("response").path("status").asText()).isEqualTo("cancelled");
        }
    }
}
