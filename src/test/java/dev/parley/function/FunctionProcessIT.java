package dev.parley.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.FakeInvocation;
import dev.parley.testing.FakeRuntimeApi;
import dev.parley.testing.ParleyProcess;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.ScriptedProvider.Script;
import dev.parley.testing.Step;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The packaged application as Lambda runs it: a process whose only door is the Runtime API.
@QuarkusTest
@Tag("packaged")
class FunctionProcessIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    /// It waits as long as a test does.
    private static final String MODEL = "scripted-patient";

    @Inject
    Transactions transactions;

    private final TestTenant tenant = TestTenant.create();

    @Test
    void aTurnStreamsWhileItRunsAndIsSettledBeforeTheNextPoll() throws Exception {
        var gate = new Step.Gate("function-" + UUID.randomUUID());
        Script script = ScriptedProvider.script(Reply.steps(new Step.Text("One "), gate, new Step.Text("two.")));
        try (var lambda = new FakeRuntimeApi();
                var process = function(lambda, Map.of())) {
            FakeInvocation turn = lambda.invoke(completion("Say " + script.marker(), true, Map.of()));

            JsonNode prelude = JSON.readTree(turn.prelude());
            assertThat(prelude.get("statusCode").asInt()).isEqualTo(200);
            assertThat(prelude.at("/headers/content-type").asText()).startsWith("text/event-stream");
            String first = turn.chunk();
            while (!first.contains("One ")) {
                first = turn.chunk();
            }
            assertThat(turn.hasEnded()).isFalse();

            ScriptedProvider.open(gate);
            assertThat(turn.rest()).contains("two.").endsWith("data: [DONE]\n\n");
            assertThat(turn.trailers()).isEmpty();
            turn.awaitOver();
            assertThat(count("SELECT count(*) FROM turns WHERE status = 'completed'"))
                    .isEqualTo(1);
            assertThat(lambda.violations()).isEmpty();
        }
    }

    @Test
    void aTurnThatCannotFinishInTimeIsEndedAndGoesOnInTheNextOne() throws Exception {
        Script script = ScriptedProvider.script(
                Reply.steps(new Step.Text("Once upon a time"), new Step.Stall()), Reply.text("the end."));
        try (var lambda = new FakeRuntimeApi();
                var process = function(lambda, Map.of())) {
            FakeInvocation warm = lambda.invoke(event("GET", "/q/health/ready", null));
            warm.awaitOver();
            FakeInvocation late = lambda.invoke(response("Tell " + script.marker(), null), Duration.ofSeconds(16));

            String events = late.rest();
            assertThat(events).contains("Once upon a time").contains("response.incomplete");
            late.awaitOver();
            JsonNode incomplete = last(events);
            assertThat(incomplete.at("/response/status").asText()).isEqualTo("incomplete");
            assertThat(incomplete.at("/response/incomplete_details/reason").asText())
                    .isEqualTo("deadline_reached");
            assertThat(late.trailers()).isEmpty();

            String id = incomplete.at("/response/id").asText();
            FakeInvocation next = lambda.invoke(response("Go on " + script.marker(), id));
            assertThat(next.rest()).contains("the end.").contains("response.completed");
            assertThat(script.requests().getLast().body().toString())
                    .contains("Once upon a time")
                    .contains("Go on");
            assertThat(lambda.violations()).isEmpty();
        }
    }

    @Test
    void aHundredInvocationsOverSeveralPollsAreServedAtOnce() throws Exception {
        try (var lambda = new FakeRuntimeApi(10);
                var process = function(lambda, Map.of("AWS_LAMBDA_MAX_CONCURRENCY", "10"))) {
            List<FakeInvocation> turns = IntStream.range(0, 100)
                    .mapToObj(i -> lambda.invoke(completion("Number " + i + ".", i % 2 == 0, Map.of())))
                    .toList();

            for (int i = 0; i < turns.size(); i++) {
                assertThat(JSON.readTree(turns.get(i).prelude())
                                .get("statusCode")
                                .asInt())
                        .isEqualTo(200);
                assertThat(turns.get(i).rest()).contains("Number").contains(i + ".");
            }
            for (FakeInvocation turn : turns) {
                turn.awaitOver();
            }
            assertThat(lambda.violations()).isEmpty();
        }
        assertThat(count("SELECT count(*) FROM turns WHERE status = 'completed'"))
                .isEqualTo(100);
    }

    @Test
    void aProcessThatDiesBetweenItsPollAndItsResponseIsReplacedAndNothingIsPaidTwice() throws Exception {
        var gate = new Step.Gate("dies-" + UUID.randomUUID());
        Script script = ScriptedProvider.script(Reply.steps(gate, new Step.Text("never")));
        String event = completion("Say " + script.marker(), false, Map.of("Idempotency-Key", "once"));
        try (var lambda = new FakeRuntimeApi();
                var process = function(lambda, Map.of())) {
            lambda.invoke(event);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> !script.requests().isEmpty());
            process.kill();
        }
        try (var lambda = new FakeRuntimeApi();
                var process = function(lambda, Map.of())) {
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(() -> {
                        FakeInvocation again = lambda.invoke(event);
                        assertThat(JSON.readTree(again.prelude())
                                        .get("statusCode")
                                        .asInt())
                                .isEqualTo(503);
                        assertThat(JSON.readTree(again.rest()).at("/error/code").asText())
                                .isEqualTo("turn_lost");
                    });
            assertThat(script.requests()).hasSize(1);
            assertThat(count("SELECT count(*) FROM turns")).isEqualTo(1);
        }
        ScriptedProvider.open(gate);
    }

    @Test
    void aFunctionAnswersItsOwnRoutesAndTakesItsOwnEvents() throws Exception {
        try (var lambda = new FakeRuntimeApi();
                var process =
                        function(lambda, Map.of("PARLEY_FUNCTION", "tools", "PARLEY_RESPONSE_MODE", "buffered"))) {
            assertThat(whole(lambda, event("GET", "/v1/tools", null))
                            .get("statusCode")
                            .asInt())
                    .isEqualTo(200);
            assertThat(whole(lambda, event("GET", "/q/health/ready", null))
                            .get("statusCode")
                            .asInt())
                    .isEqualTo(200);
            JsonNode files = whole(lambda, event("GET", "/v1/files", null));
            assertThat(files.get("statusCode").asInt()).isEqualTo(404);
            assertThat(JSON.readTree(files.get("body").asText())
                            .at("/error/code")
                            .asText())
                    .isEqualTo("unknown_url");
            FakeInvocation message =
                    lambda.invoke("{\"Records\":[{\"eventSource\":\"aws:sqs\",\"messageId\":\"1\",\"body\":\"{}\"}]}");
            assertThat(message.error()).contains("Function.UnreadableEvent");
            assertThat(lambda.violations()).isEmpty();
        }
    }

    @Test
    void aStartThatFailsIsReportedAsSuch() throws Exception {
        try (var lambda = new FakeRuntimeApi();
                var process = function(lambda, Map.of("PARLEY_FUNCTION", "poet"))) {
            JsonNode report = JSON.readTree(lambda.startFailure().get(60, TimeUnit.SECONDS));

            assertThat(report.get("errorType").asText()).isEqualTo("Runtime.StartFailed");
            assertThat(report.get("errorMessage").asText()).contains("poet");
            assertThat(process.awaitEnd(Duration.ofSeconds(30))).isTrue();
        }
    }

    @Test
    void aScheduleKeepsHouseAndAMigrationTellsWhatItDid() throws Exception {
        try (var lambda = new FakeRuntimeApi();
                var process = function(lambda, Map.of("PARLEY_FUNCTION", "worker"))) {
            FakeInvocation schedule = lambda.invoke("""
                    {"Records":[{"eventSource":"aws:sqs","messageId":"1","body":"{\\"parley\\":\\"housekeeping\\"}"}]}""");
            assertThat(schedule.whole()).isEqualTo("{\"batchItemFailures\":[]}");
            assertThat(JSON.readTree(lambda.invoke(event("GET", "/v1/tools", null))
                                    .prelude())
                            .get("statusCode")
                            .asInt())
                    .isEqualTo(404);
        }
        try (var lambda = new FakeRuntimeApi();
                var process = function(lambda, Map.of("PARLEY_FUNCTION", "migrate"))) {
            JsonNode migrated = JSON.readTree(lambda.invoke("{}").whole());
            assertThat(migrated.get("schema_version").asInt()).isGreaterThanOrEqualTo(21);
            assertThat(migrated.get("applied").asInt()).isZero();
        }
    }

    private static JsonNode whole(FakeRuntimeApi lambda, String event) throws Exception {
        return JSON.readTree(lambda.invoke(event).whole());
    }

    private static ParleyProcess function(FakeRuntimeApi lambda, Map<String, String> environment) throws Exception {
        var config = new HashMap<>(ParleyProcess.scripted());
        config.put("parley.usage.lease", "2s");
        return ParleyProcess.function(lambda, config, environment);
    }

    private String completion(String words, boolean streamed, Map<String, String> headers) {
        return event(
                "POST",
                "/v1/chat/completions",
                Map.of(
                        "model",
                        "scripted",
                        "stream",
                        streamed,
                        "messages",
                        List.of(Map.of("role", "user", "content", words))),
                headers);
    }

    private String response(String words, String previous) {
        var body = new HashMap<String, Object>(Map.of("model", MODEL, "stream", true, "input", words));
        if (previous != null) {
            body.put("previous_response_id", previous);
        }
        return event("POST", "/v1/responses", body);
    }

    private String event(String method, String path, Object body) {
        return event(method, path, body, Map.of());
    }

    private String event(String method, String path, Object body, Map<String, String> more) {
        var headers = new HashMap<String, List<String>>();
        headers.put("Authorization", List.of("Bearer " + tenant.key()));
        headers.put("Content-Type", List.of("application/json"));
        more.forEach((name, value) -> headers.put(name, List.of(value)));
        var event = new HashMap<String, Object>(Map.of(
                "resource",
                "/{proxy+}",
                "httpMethod",
                method,
                "path",
                path,
                "pathParameters",
                Map.of("proxy", path.substring(1)),
                "multiValueHeaders",
                headers,
                "requestContext",
                Map.of("requestId", "c6af9ac6", "stage", "live", "identity", Map.of("sourceIp", "192.0.2.7"))));
        try {
            if (body != null) {
                event.put("body", JSON.writeValueAsString(body));
            }
            return JSON.writeValueAsString(event);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static JsonNode last(String events) throws Exception {
        int start = events.lastIndexOf("data: ") + "data: ".length();
        return JSON.readTree(events.substring(start, events.indexOf('\n', start)));
    }

    private long count(String sql) {
        return transactions.inTenant(tenant.id(), connection -> Sql.first(connection, sql, row -> row.getLong(1))
                .orElseThrow());
    }
}
