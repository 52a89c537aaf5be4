package dev.parley.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.aws.AwsClients;
import dev.parley.aws.AwsLink;
import dev.parley.aws.ObjectName;
import dev.parley.aws.ObjectStore;
import dev.parley.job.RingingQueues;
import dev.parley.testing.ElasticMq;
import dev.parley.testing.FakeInvocation;
import dev.parley.testing.FakeRuntimeApi;
import dev.parley.testing.ParleyProcess;
import dev.parley.testing.Reply;
import dev.parley.testing.S3ProxyResource;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.TestStore;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.Message;

/// The packaged application as the functions `ingest` and `worker`, called by queues: what Lambda's event source
/// mapping does is done by the test, with an SQS and an S3 that are real servers.
@QuarkusTest
@TestProfile(FunctionEventsIT.Surroundings.class)
@Tag("packaged")
class FunctionEventsIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LONG = Duration.ofMinutes(90);

    public static class Surroundings implements QuarkusTestProfile {

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(S3ProxyResource.class), new TestResourceEntry(RingingQueues.class));
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("parley.ingestion.tenant-buckets", S3ProxyResource.DOCUMENTS);
        }
    }

    @Inject
    ObjectStore objects;

    @Inject
    AwsClients aws;

    @TempDir
    Path disk;

    private final TestTenant tenant = TestTenant.create();

    private ParleyProcess function(FakeRuntimeApi lambda, String name) throws Exception {
        Config own = ConfigProvider.getConfig();
        var config = new HashMap<>(ParleyProcess.scripted());
        for (String property : own.getPropertyNames()) {
            if (property.startsWith("parley.aws.")
                    || property.startsWith("parley.job.queues.")
                    || property.startsWith("parley.ingestion.")) {
                own.getOptionalValue(property, String.class).ifPresent(value -> config.put(property, value));
            }
        }
        for (String credential : List.of("aws.accessKeyId", "aws.secretAccessKey")) {
            config.put(credential, System.getProperty(credential));
        }
        config.put("parley.embedding-model", "bge-small-en-v1.5");
        return ParleyProcess.function(lambda, config, Map.of("PARLEY_FUNCTION", name));
    }

    private ElasticMq.Queue queue(String name) {
        String endpoint = ConfigProvider.getConfig().getValue("parley.job.queues.endpoint", String.class);
        SqsAsyncClient client = aws.open(SqsAsyncClient.builder(), AwsLink.to(Optional.of(endpoint)));
        ElasticMq.Queue queue = ElasticMq.Queue.create(client, name);
        queue.purge();
        return queue;
    }

    /// Hands over what the queue has, as Lambda does: what is not told to have failed is deleted.
    private static void pump(ElasticMq.Queue queue, FakeRuntimeApi lambda) throws Exception {
        for (Message message : queue.receive()) {
            FakeInvocation invocation = lambda.invoke(sqs(message.messageId(), message.body()));
            if (failures(invocation).isEmpty()) {
                queue.delete(message);
            }
        }
    }

    private static String sqs(String id, String body) throws Exception {
        return JSON.writeValueAsString(
                Map.of("Records", List.of(Map.of("messageId", id, "eventSource", "aws:sqs", "body", body))));
    }

    private static List<String> failures(FakeInvocation invocation) throws Exception {
        JsonNode answer = JSON.readTree(invocation.whole());
        return answer.get("batchItemFailures").findValuesAsText("itemIdentifier");
    }

    private static String s3(String what, String key) throws Exception {
        return JSON.writeValueAsString(Map.of(
                "Records",
                List.of(Map.of(
                        "eventVersion",
                        "2.1",
                        "eventSource",
                        "aws:s3",
                        "eventName",
                        what,
                        "s3",
                        Map.of("bucket", Map.of("name", S3ProxyResource.DOCUMENTS), "object", Map.of("key", key))))));
    }

    @Test
    void aMessageThatFailsComesAgainSoonAndLaterEachTime() throws Exception {
        ElasticMq.Queue queue = queue("objects");
        queue.send("none of ours");
        try (var lambda = new FakeRuntimeApi();
                var process = function(lambda, "ingest")) {
            lambda.invoke("{}").error(); // it has started, so that its start is no part of what is measured
            assertThat(again(queue, lambda, 1)).isBetween(Duration.ofSeconds(1), PATIENCE);
            assertThat(again(queue, lambda, 2)).isBetween(Duration.ofSeconds(4), PATIENCE);
        }
    }

    /// How long after it was handed over a message that failed is there again. The queue by itself would hold it back
    /// for an hour and a half.
    private static Duration again(ElasticMq.Queue queue, FakeRuntimeApi lambda, int times) throws Exception {
        Message message = await().atMost(PATIENCE)
                .until(() -> queue.receive(LONG), list -> !list.isEmpty())
                .getFirst();
        String event = JSON.writeValueAsString(Map.of(
                "Records",
                List.of(Map.of(
                        "messageId", message.messageId(),
                        "receiptHandle", message.receiptHandle(),
                        "eventSource", "aws:sqs",
                        "eventSourceARN", queue.arn(),
                        "attributes", Map.of("ApproximateReceiveCount", String.valueOf(times)),
                        "body", message.body()))));
        Instant handedOver = Instant.now();
        assertThat(failures(lambda.invoke(event))).containsExactly(message.messageId());
        await().atMost(PATIENCE).until(() -> queue.visible() == 1);
        return Duration.between(handedOver, Instant.now());
    }

    private ValidatableResponse source(TestStore store, String prefix) {
        return tenant.request()
                .body(Map.of(
                        "type",
                        "s3",
                        "vector_store_id",
                        store.id(),
                        "bucket",
                        S3ProxyResource.DOCUMENTS,
                        "prefix",
                        prefix))
                .post("/v1/sources")
                .then();
    }

    @Test
    void anObjectOfASourcesBucketIsIngestedByOneEventAndOneRingAndGoesWithAnother() throws Exception {
        TestStore store = TestStore.create(tenant.key(), "bge-small-en-v1.5");
        String prefix = tenant.id() + "/notes/";
        // Its first run waits for a worker, which an event does not.
        source(store, prefix).statusCode(200);
        source(store, "tenant_0/notes/").statusCode(400);
        Path note = Files.writeString(disk.resolve("birds.md"), "# Birds\n\nThe kingfisher dives.");
        var object = new ObjectName(S3ProxyResource.DOCUMENTS, prefix + "birds.md");
        objects.put(object, note, new ObjectStore.Keeping("text/markdown", null));
        ElasticMq.Queue rings = queue("computing");
        try (var lambda = new FakeRuntimeApi();
                var process = function(lambda, "ingest")) {
            assertThat(failures(lambda.invoke(sqs("1", s3("ObjectCreated:Put", object.key())))))
                    .isEmpty();
            await().atMost(PATIENCE).until(() -> {
                pump(rings, lambda);
                return store.fileCounts().get("completed") == 1;
            });

            objects.delete(object);
            assertThat(failures(lambda.invoke(sqs("2", s3("ObjectRemoved:Delete", object.key())))))
                    .isEmpty();
            assertThat(store.fileCounts().get("total")).isZero();
            assertThat(failures(lambda.invoke(sqs("3", "{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\"}"))))
                    .isEmpty();
            assertThat(failures(lambda.invoke(sqs("4", "{\"Records\":[{\"eventSource\":\"aws:s3\"}]}"))))
                    .containsExactly("4");
            assertThat(lambda.violations()).isEmpty();
        }
    }

    @Test
    void aBackgroundTurnRunsInTheWorkerThatItsRingCalls() throws Exception {
        var script = ScriptedProvider.script(Reply.text("Done while you were away."));
        ElasticMq.Queue rings = queue("waiting");
        String id = tenant.request()
                .body(Map.of("model", "scripted", "background", true, "input", "Do it " + script.marker()))
                .post("/v1/responses")
                .then()
                .statusCode(200)
                .body("status", equalTo("queued"))
                .extract()
                .path("id");
        try (var lambda = new FakeRuntimeApi();
                var process = function(lambda, "worker")) {
            await().atMost(PATIENCE).until(() -> {
                pump(rings, lambda);
                return tenant.request()
                        .get("/v1/responses/" + id)
                        .then()
                        .extract()
                        .path("status")
                        .equals("completed");
            });
            assertThat(lambda.violations()).isEmpty();
        }
        assertThat(script.requests()).hasSize(1);
    }
}
