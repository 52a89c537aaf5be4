package dev.parley.batch;

import static dev.parley.batch.TestBatch.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;

import com.openai.errors.NotFoundException;
import com.openai.models.batches.Batch;
import com.openai.models.batches.BatchCreateParams;
import com.openai.models.batches.BatchListParams;
import dev.parley.testing.Api;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.Step;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
class BatchesIT {

    private final String key = Api.newTenant();

    @Test
    void linesAreAnsweredInTheOutputFileAndBadOnesFailAloneInTheErrorFile() {
        var batch = TestBatch.create(
                key,
                List.of(
                        line("one", "First?"),
                        line("bad", "Second?", ", \"temperatur\": 1"),
                        line("streamed", "Third?", ", \"stream\": true"),
                        "",
                        line("four", "Fourth?", ", \"stream\": false")));

        Batch done = batch.await(Batch.Status.COMPLETED);

        assertThat(done.requestCounts().orElseThrow().total()).isEqualTo(4);
        assertThat(done.requestCounts().orElseThrow().completed()).isEqualTo(2);
        assertThat(done.requestCounts().orElseThrow().failed()).isEqualTo(2);
        assertThat(done.model()).contains("scripted-alone");
        assertThat(done.usage().orElseThrow().totalTokens()).isEqualTo(38);
        assertThat(done.completedAt()).isPresent();
        assertThat(batch.answers())
                .hasSize(2)
                .satisfiesExactly(
                        first -> {
                            assertThat(first.path("id").asText()).startsWith("batch_req_");
                            assertThat(first.path("custom_id").asText()).isEqualTo("one");
                            assertThat(first.path("error").isNull()).isTrue();
                            assertThat(first.at("/response/status_code").asInt())
                                    .isEqualTo(200);
                            assertThat(first.at("/response/request_id").asText())
                                    .startsWith("req_");
                            assertThat(first.at("/response/body/object").asText())
                                    .isEqualTo("chat.completion");
                            assertThat(first.at("/response/body/choices/0/message/content")
                                            .asText())
                                    .contains("First?");
                        },
                        second -> assertThat(second.path("custom_id").asText()).isEqualTo("four"));
        assertThat(batch.errors())
                .satisfiesExactly(
                        bad -> {
                            assertThat(bad.path("custom_id").asText()).isEqualTo("bad");
                            assertThat(bad.at("/response/status_code").asInt()).isEqualTo(400);
                            assertThat(bad.at("/response/body/error/param").asText())
                                    .isEqualTo("temperatur");
                        },
                        streamed -> assertThat(streamed.at("/response/body/error/param")
                                        .asText())
                                .isEqualTo("stream"));
    }

    @Test
    void linesCanAskForResponses() {
        String line = """
                {"custom_id": "one", "method": "POST", "url": "/v1/responses", "body": {"model": "scripted-alone", \
                "input": "First?"%s}}""";
        var batch = TestBatch.create(
                key,
                BatchCreateParams.Endpoint.V1_RESPONSES,
                List.of(
                        line.formatted(""),
                        line.formatted(", \"background\": true").replace("one", "two")));

        Batch done = batch.await(Batch.Status.COMPLETED);

        assertThat(done.usage().orElseThrow().totalTokens()).isEqualTo(19);
        assertThat(batch.answers()).singleElement().satisfies(answer -> {
            assertThat(answer.at("/response/body/object").asText()).isEqualTo("response");
            String id = answer.at("/response/body/id").asText();
            Api.as(key).get("/v1/responses/" + id).then().statusCode(200);
        });
        assertThat(batch.errors()).singleElement().satisfies(refused -> assertThat(
                        refused.at("/response/body/error/param").asText())
                .isEqualTo("background"));
    }

    @Test
    void linesCanAskForVectors() {
        String line = """
                {"custom_id": "%s", "method": "POST", "url": "/v1/embeddings", \
                "body": {"model": "%s", "input": "a parcel"}}""";
        var batch = TestBatch.create(
                key,
                BatchCreateParams.Endpoint.V1_EMBEDDINGS,
                List.of(line.formatted("one", "hash-384"), line.formatted("two", "no-such-model")));

        Batch done = batch.await(Batch.Status.COMPLETED);

        assertThat(done.model()).isEmpty();
        assertThat(batch.answers()).singleElement().satisfies(answer -> assertThat(
                        answer.at("/response/body/data/0/embedding"))
                .hasSize(384));
        assertThat(batch.errors()).singleElement().satisfies(refused -> assertThat(
                        refused.at("/response/status_code").asInt())
                .isEqualTo(404));
    }

    @Test
    void aBatchIsMadeOnceForOneIdempotencyKey() {
        String file = TestBatch.upload(TestBatch.client(key), List.of(line("one", "First?")));
        String body = """
                {"input_file_id": "%s", "endpoint": "/v1/chat/completions", "completion_window": "24h"}""".formatted(file);

        List<String> ids = IntStream.range(0, 2)
                .mapToObj(_ -> Api.as(key)
                        .header("Idempotency-Key", "nightly")
                        .body(body)
                        .post("/v1/batches")
                        .<String>path("id"))
                .toList();

        assertThat(ids.getFirst()).startsWith("batch_").isEqualTo(ids.getLast());
        assertThat(TestBatch.client(key).batches().list().data()).hasSize(1);
    }

    @Test
    void anInputFileWithBadLinesFailsWholeAndNamesThem() {
        var batch = TestBatch.create(
                key,
                List.of(
                        line("one", "First?"),
                        "not json",
                        line("one", "Again?"),
                        line("two", "Elsewhere?").replace("/v1/chat/completions", "/v1/embeddings"),
                        "{\"custom_id\": \"three\", \"method\": \"POST\", \"url\": \"/v1/chat/completions\"}"));

        Batch failed = batch.await(Batch.Status.FAILED);

        assertThat(failed.errors().orElseThrow().data().orElseThrow())
                .extracting(
                        error -> error.line().orElseThrow() + " " + error.code().orElseThrow())
                .containsExactly(
                        "2 invalid_json_line",
                        "3 duplicate_custom_id",
                        "4 invalid_url",
                        "5 missing_required_parameter");
        assertThat(failed.requestCounts().orElseThrow().total()).isZero();
        assertThat(failed.outputFileId()).isEmpty();
        assertThat(failed.failedAt()).isPresent();
    }

    @Test
    void whatCannotBeABatchIsRefusedAtOnce() {
        String file = TestBatch.upload(TestBatch.client(key), List.of(line("one", "First?")));
        String body = """
                {"input_file_id": "%s", "endpoint": "%s", "completion_window": "%s"}""";

        for (String[] bad : new String[][] {
            {file, "/v1/moderations", "24h", "endpoint"}, {file, "/v1/chat/completions", "1h", "completion_window"}
        }) {
            Api.as(key)
                    .body(body.formatted((Object[]) bad))
                    .post("/v1/batches")
                    .then()
                    .statusCode(400)
                    .body("error.param", equalTo(bad[3]));
        }
        Api.as(key)
                .body(body.formatted("file-" + "0".repeat(32), "/v1/chat/completions", "24h"))
                .post("/v1/batches")
                .then()
                .statusCode(404);
    }

    @Test
    void aCancelledBatchFinishesWhatRunsAndSaysWhatWasNotRun() {
        var script = ScriptedProvider.script(Reply.steps(new Step.Pause(300), new Step.Text("Slowly.")));
        List<String> ids = IntStream.range(0, 40).mapToObj(i -> "line-" + i).toList();
        var batch = TestBatch.create(
                key, ids.stream().map(id -> line(id, script.marker())).toList());
        batch.await(Batch.Status.IN_PROGRESS);

        batch.cancel();
        batch.cancel();
        Batch cancelled = batch.await(Batch.Status.CANCELLED);

        assertThat(batch.customIds()).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(batch.errors())
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line.at("/error/code").asText()).isEqualTo("batch_cancelled"));
        assertThat(cancelled.requestCounts().orElseThrow().completed())
                .isEqualTo(batch.answers().size());
        assertThat(cancelled.cancellingAt()).isPresent();
        Api.as(key).post("/v1/batches/%s/cancel".formatted(batch.id())).then().statusCode(200);
    }

    @Test
    void aProviderThatRefusesForAWhileIsAskedAgain() {
        var script = ScriptedProvider.script(
                Reply.rateLimited(), Reply.rateLimited(), Reply.serverError(), Reply.serverError(), Reply.text("Now."));
        var batch = TestBatch.create(key, List.of(line("patient", script.marker())));

        batch.await(Batch.Status.COMPLETED);

        assertThat(batch.answers()).hasSize(1);
        assertThat(script.requests()).hasSize(5);
    }

    @Test
    void batchesAreListedInPagesAndTenantsSeeTheirOwn() {
        var first = TestBatch.create(key, List.of(line("one", "First?")));
        var second = TestBatch.create(key, List.of(line("one", "First?")));
        var mine = TestBatch.client(key);
        var theirs = TestBatch.client(Api.newTenant());

        var page = mine.batches().list(BatchListParams.builder().limit(1).build());
        assertThat(page.data()).extracting(Batch::id).containsExactly(second.id());
        assertThat(page.nextPage().data()).extracting(Batch::id).containsExactly(first.id());

        assertThat(theirs.batches().list().data()).isEmpty();
        assertThatThrownBy(() -> theirs.batches().retrieve(first.id())).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> theirs.batches().cancel(first.id())).isInstanceOf(NotFoundException.class);
        String file = TestBatch.upload(mine, List.of(line("one", "First?")));
        Api.as(Api.newTenant())
                .body("""
                        {"input_file_id": "%s", "endpoint": "/v1/chat/completions", "completion_window": "24h"}""".formatted(file))
                .post("/v1/batches")
                .then()
                .statusCode(404);
        first.await(Batch.Status.COMPLETED);
        String output = first.look().outputFileId().orElseThrow();
        assertThatThrownBy(() -> theirs.files().content(output)).isInstanceOf(NotFoundException.class);
        Api.as(key).get("/v1/files/" + output).then().statusCode(200).body("purpose", equalTo("batch_output"));
    }

    @Test
    void aBatchThatIsOverCannotBeCancelled() {
        var batch = TestBatch.create(key, List.of(line("one", "First?")));
        batch.await(Batch.Status.COMPLETED);

        Api.as(key).post("/v1/batches/%s/cancel".formatted(batch.id())).then().statusCode(409);
    }
}
