package dev.parley.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.testing.Api;
import dev.parley.testing.FakeInvocation;
import dev.parley.testing.FakeRuntimeApi;
import dev.parley.testing.LambdaEnvironment;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.ScriptedProvider.Script;
import dev.parley.testing.Step;
import dev.parley.testing.TestStore;
import dev.parley.testing.TestTenant;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@WithTestResource(LambdaEnvironment.class)
class FunctionRuntimeIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    FakeRuntimeApi lambda;

    @AfterEach
    void theProtocolWasKept() {
        assertThat(lambda.violations()).isEmpty();
    }

    @Test
    void anInvocationIsAnsweredByTheApplicationsOwnHttpStack() throws Exception {
        FakeInvocation invocation = lambda.invoke(event("GET", "/q/health/live", Map.of(), null));

        JsonNode prelude = JSON.readTree(invocation.prelude());
        assertThat(prelude.get("statusCode").asInt()).isEqualTo(200);
        assertThat(prelude.at("/headers/x-request-id").asText()).startsWith("req_");
        assertThat(JSON.readTree(invocation.rest()).get("status").asText()).isEqualTo("UP");
        assertThat(invocation.trailers()).isEmpty();
        assertThat(invocation.head())
                .containsEntry("lambda-runtime-function-response-mode", "streaming")
                .containsEntry("content-type", "application/vnd.awslambda.http-integration-response")
                .containsEntry("trailer", "Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body");
    }

    @Test
    void bodyQueryAndAuthorizationReachTheApplication() throws Exception {
        String admin = Api.newTenant();
        var headers = Map.of(
                "Authorization", List.of("Bearer " + admin),
                "Content-Type", List.of("application/json"));

        FakeInvocation created = lambda.invoke(event("POST", "/v1/keys", headers, "{\"name\":\"from lambda ✓\"}"));
        assertThat(JSON.readTree(created.prelude()).get("statusCode").asInt()).isEqualTo(200);
        assertThat(JSON.readTree(created.rest()).get("name").asText()).isEqualTo("from lambda ✓");

        FakeInvocation listed = lambda.invoke(JSON.writeValueAsString(Map.of(
                "httpMethod",
                "GET",
                "path",
                "/v1/keys",
                "multiValueHeaders",
                headers,
                "multiValueQueryStringParameters",
                Map.of("limit", List.of("1")))));
        listed.prelude();
        assertThat(JSON.readTree(listed.rest()).get("data")).hasSize(1);
    }

    @Test
    void aBinaryBodyIsDecoded() throws Exception {
        var event = Map.of(
                "httpMethod",
                "POST",
                "path",
                "/v1/keys",
                "multiValueHeaders",
                Map.of(
                        "Authorization", List.of("Bearer " + Api.newTenant()),
                        "Content-Type", List.of("application/json")),
                "body",
                Base64.getEncoder().encodeToString("{\"name\":\"coded\"}".getBytes()),
                "isBase64Encoded",
                true);

        FakeInvocation invocation = lambda.invoke(JSON.writeValueAsString(event));

        invocation.prelude();
        assertThat(JSON.readTree(invocation.rest()).get("name").asText()).isEqualTo("coded");
    }

    @Test
    void anErrorOfTheApplicationIsAnAnswerAndNoFailure() throws Exception {
        FakeInvocation invocation = lambda.invoke(event("GET", "/v1/nope", Map.of(), null));

        assertThat(JSON.readTree(invocation.prelude()).get("statusCode").asInt())
                .isEqualTo(404);
        assertThat(JSON.readTree(invocation.rest()).at("/error/code").asText()).isEqualTo("unknown_url");
        assertThat(invocation.trailers()).isEmpty();
    }

    @Test
    void everyWriteArrivesAsItsOwnChunkBeforeTheNextIsWritten() throws Exception {
        FakeInvocation invocation = lambda.invoke(event("GET", "/test/streams/pieces", Map.of(), null));

        StreamingFixture.PIECES.add("data: one\n\n");
        JsonNode prelude = JSON.readTree(invocation.prelude());
        assertThat(prelude.at("/headers/content-type").asText()).startsWith("text/event-stream");
        assertThat(prelude.at("/cookies").toString()).isEqualTo("[\"a=1\",\"b=2\"]");
        assertThat(invocation.chunk()).isEqualTo("data: one\n\n");
        StreamingFixture.PIECES.add("data: two\n\n");
        assertThat(invocation.chunk()).isEqualTo("data: two\n\n");
        assertThat(invocation.hasEnded()).isFalse();

        StreamingFixture.PIECES.add(StreamingFixture.END);
        assertThat(invocation.rest()).isEmpty();
        assertThat(invocation.trailers()).isEmpty();
    }

    @RepeatedTest(10)
    void aFailureAfterTheFirstByteTravelsAsTrailers() throws Exception {
        FakeInvocation invocation = lambda.invoke(event("GET", "/test/streams/pieces", Map.of(), null));
        StreamingFixture.PIECES.add("data: one\n\n");
        invocation.prelude();
        assertThat(invocation.chunk()).isEqualTo("data: one\n\n");

        StreamingFixture.PIECES.add(StreamingFixture.BREAK);
        String rest = invocation.rest();

        assertThat(invocation.trailers())
                .as(rest)
                .containsEntry("lambda-runtime-function-error-type", "Function.ResponseBrokenOff");
        String body = invocation.trailers().get("lambda-runtime-function-error-body");
        assertThat(JSON.readTree(Base64.getDecoder().decode(body))
                        .get("errorType")
                        .asText())
                .isEqualTo("Function.ResponseBrokenOff");
    }

    @Test
    void anEventThatIsNoHttpRequestIsAnErrorAndTheNextIsServed() throws Exception {
        FakeInvocation unknown = lambda.invoke("{\"Records\":[]}");
        assertThat(JSON.readTree(unknown.error()).get("errorType").asText()).isEqualTo("Function.UnreadableEvent");

        FakeInvocation next = lambda.invoke(event("GET", "/q/health/live", Map.of(), null));
        assertThat(JSON.readTree(next.prelude()).get("statusCode").asInt()).isEqualTo(200);
        next.trailers();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not json",
                "[]",
                "{\"httpMethod\":\"GET\"}",
                "{\"httpMethod\":\"G T\",\"path\":\"/\"}",
                "{\"httpMethod\":{}}",
                "{\"Records\":[{\"eventSource\":\"aws:kinesis\"}]}"
            })
    void whatIsNoEventOfOursIsAnErrorToo(String event) throws Exception {
        FakeInvocation invocation = lambda.invoke(event);

        assertThat(JSON.readTree(invocation.error()).get("errorType").asText()).isEqualTo("Function.UnreadableEvent");
    }

    @Test
    void anAnswerThatDoesNotBeginInTimeIsTold() throws Exception {
        FakeInvocation invocation =
                lambda.invoke(event("GET", "/test/streams/silence", Map.of(), null), Duration.ofSeconds(2));

        assertThat(JSON.readTree(invocation.prelude()).get("statusCode").asInt())
                .isEqualTo(504);
        assertThat(JSON.readTree(invocation.rest()).at("/error/code").asText()).isEqualTo("deadline_reached");
    }

    @Test
    void anAnswerThatGoesOnForTooLongIsBrokenOff() throws Exception {
        FakeInvocation invocation =
                lambda.invoke(event("GET", "/test/streams/pieces", Map.of(), null), Duration.ofSeconds(6));
        StreamingFixture.PIECES.add("data: one\n\n");
        invocation.prelude();
        assertThat(invocation.chunk()).isEqualTo("data: one\n\n");

        assertThat(invocation.trailers())
                .containsEntry("lambda-runtime-function-error-type", "Function.ResponseBrokenOff");
        StreamingFixture.PIECES.add(StreamingFixture.END);
    }

    @Test
    void theNextInvocationIsAskedForWhenEverythingHasEnded() throws Exception {
        var work = new CountDownLatch(1);
        StreamingFixture.LAGGING.set(work);
        FakeInvocation invocation = lambda.invoke(event("GET", "/test/streams/lagging", Map.of(), null));

        invocation.prelude();
        assertThat(invocation.rest()).isEqualTo("answered");
        await().during(Duration.ofMillis(500)).until(() -> !invocation.isOver());

        work.countDown();
        invocation.awaitOver();
    }

    @Test
    void messagesThatFailComeAgainAndNoOthers() throws Exception {
        FakeInvocation invocation = lambda.invoke(JSON.writeValueAsString(Map.of(
                "Records",
                List.of(
                        message("good", "{\"parley\":\"housekeeping\"}"),
                        message("unknown", "{\"parley\":\"what\"}"),
                        message("no-json", "hello"),
                        message("nothing-due", "{\"parley\":\"job\",\"workload\":\"patient\"}")))));

        JsonNode failures = JSON.readTree(invocation.whole()).get("batchItemFailures");
        assertThat(failures.findValuesAsText("itemIdentifier")).containsExactlyInAnyOrder("unknown", "no-json");
        invocation.awaitOver();
    }

    private static Map<String, String> message(String id, String body) {
        return Map.of("messageId", id, "eventSource", "aws:sqs", "body", body);
    }

    @Test
    void aReaderThatStopsMakesTheApplicationWait() throws Exception {
        StreamingFixture.WRITTEN.set(0);
        FakeInvocation invocation = lambda.invoke(event("GET", "/test/streams/large", Map.of(), null));
        invocation.readOnly(1);

        try {
            assertThat(JSON.readTree(invocation.prelude()).get("statusCode").asInt())
                    .isEqualTo(200);
            var last = new long[] {-1};
            await().pollInterval(Duration.ofMillis(300))
                    .atMost(Duration.ofMinutes(1))
                    .failFast("it was broken off", invocation::hasEnded)
                    .until(() -> {
                        long before = last[0];
                        last[0] = StreamingFixture.WRITTEN.get();
                        return last[0] > 0 && last[0] == before;
                    });
            assertThat(StreamingFixture.WRITTEN.get()).isLessThan(16L * 1024 * 1024);
        } finally {
            invocation.readOn(); // or every further test would wait for it
        }
        invocation.trailers();
        assertThat(StreamingFixture.WRITTEN.get()).isEqualTo((long) StreamingFixture.BLOCK * StreamingFixture.BLOCKS);
    }

    @Test
    void aReaderThatNeverReadsOnHoldsNobodyUpBeyondTheDeadline() throws Exception {
        FakeInvocation stuck =
                lambda.invoke(event("GET", "/test/streams/large", Map.of(), null), Duration.ofSeconds(6));
        stuck.readOnly(1);
        stuck.prelude();
        try {
            assertThat(stuck.hasEnded()).isFalse();
            FakeInvocation next = lambda.invoke(event("GET", "/q/health/live", Map.of(), null));

            assertThat(JSON.readTree(next.prelude()).get("statusCode").asInt()).isEqualTo(200);
            next.trailers();
            assertThat(Instant.now()).isBefore(stuck.deadline());
        } finally {
            stuck.readOn();
        }
    }

    @Test
    void aLargeRequestThatIsRefusedUnreadGetsItsRefusal() throws Exception {
        var headers = Map.of(
                "Authorization", List.of("Bearer sk-parley-wrong"),
                "Content-Type", List.of("application/json"));

        FakeInvocation refused =
                lambda.invoke(event("POST", "/v1/chat/completions", headers, "x".repeat(5 * 1024 * 1024)));

        assertThat(JSON.readTree(refused.prelude()).get("statusCode").asInt()).isEqualTo(401);
        assertThat(JSON.readTree(refused.rest()).at("/error/code").asText()).isEqualTo("invalid_api_key");
    }

    @Test
    void theStreamOfAWorkersTurnEndsWithTheTimeOfItsInvocationAndTheTurnDoesNot() throws Exception {
        String key = Api.newTenant();
        var headers = Map.of(
                "Authorization", List.of("Bearer " + key),
                "Content-Type", List.of("application/json"));
        String request = JSON.writeValueAsString(
                Map.of("model", "scripted", "background", true, "stream", true, "input", "Nobody works here."));

        FakeInvocation stream = lambda.invoke(event("POST", "/v1/responses", headers, request), Duration.ofSeconds(10));
        stream.prelude();
        String heard = stream.rest();

        assertThat(stream.trailers()).isEmpty();
        assertThat(heard).contains("response.queued").doesNotContain("response.incomplete");
        String id = JSON.readTree(heard.substring(heard.indexOf('{'), heard.indexOf("\n\n")))
                .at("/response/id")
                .asText();
        Api.as(key).get("/v1/responses/" + id).then().body("status", equalTo("queued"));
        Api.as(key).post("/v1/responses/" + id + "/cancel").then().statusCode(200);
    }

    @Test
    void aSearchThatOutlastsItsInvocationSaysSo() throws Exception {
        TestTenant tenant = TestTenant.create();
        TestStore store = TestStore.create(tenant.key(), "scripted-embedding");
        var gate = new Step.Gate("search-" + tenant.id());
        Script script = ScriptedProvider.script(Reply.steps(gate));
        var headers = Map.of(
                "Authorization", List.of("Bearer " + tenant.key()),
                "Content-Type", List.of("application/json"));
        String request = JSON.writeValueAsString(Map.of("query", "What is " + script.marker() + "?"));

        FakeInvocation search = lambda.invoke(
                event("POST", "/v1/vector_stores/%s/search".formatted(store.id()), headers, request),
                Duration.ofMillis(2_400)); // less than the provider's own time-out

        assertThat(JSON.readTree(search.prelude()).get("statusCode").asInt()).isEqualTo(504);
        assertThat(JSON.readTree(search.rest()).at("/error/code").asText()).isEqualTo("deadline_reached");
        search.awaitOver();
        ScriptedProvider.open(gate);
    }

    private static String event(String method, String path, Map<String, List<String>> headers, String body)
            throws Exception {
        var event = new java.util.HashMap<String, Object>(Map.of(
                "resource",
                "/{proxy+}",
                "httpMethod",
                method,
                "path",
                path,
                "multiValueHeaders",
                headers,
                "requestContext",
                Map.of("requestId", "c6af9ac6", "stage", "live"),
                "isBase64Encoded",
                false));
        event.put("body", body);
        return JSON.writeValueAsString(event);
    }
}
