package dev.parley.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.MultipartField;
import com.openai.models.batches.Batch;
import com.openai.models.batches.BatchCreateParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FilePurpose;
import dev.parley.testing.Api;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;

/// A batch in the hands of OpenAI's own client.
final class TestBatch {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final OpenAIClient client;
    private final String id;

    private TestBatch(OpenAIClient client, String id) {
        this.client = client;
        this.id = id;
    }

    static OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(Api.url() + "/v1")
                .apiKey(key)
                .maxRetries(0)
                .build();
    }

    /// A batch of chat completions.
    static TestBatch create(String key, List<String> lines) {
        return create(key, BatchCreateParams.Endpoint.V1_CHAT_COMPLETIONS, lines);
    }

    static TestBatch create(String key, BatchCreateParams.Endpoint endpoint, List<String> lines) {
        OpenAIClient client = client(key);
        Batch batch = client.batches()
                .create(BatchCreateParams.builder()
                        .inputFileId(upload(client, lines))
                        .endpoint(endpoint)
                        .completionWindow(BatchCreateParams.CompletionWindow._24H)
                        .build())
                .validate();
        assertThat(batch.status()).isEqualTo(Batch.Status.VALIDATING);
        return new TestBatch(client, batch.id());
    }

    static String upload(OpenAIClient client, List<String> lines) {
        byte[] content = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
        return client.files()
                .create(FileCreateParams.builder()
                        .purpose(FilePurpose.BATCH)
                        .file(MultipartField.<InputStream>builder()
                                .value(new ByteArrayInputStream(content))
                                .filename("requests.jsonl")
                                .build())
                        .build())
                .id();
    }

    /// A line that asks for a completion.
    static String line(String customId, String message) {
        return line(customId, message, "");
    }

    /// @param more members of the body, each with a comma before it
    static String line(String customId, String message, String more) {
        return """
                {"custom_id": "%s", "method": "POST", "url": "/v1/chat/completions", "body": {"model": "scripted-alone", \
                "max_tokens": 50, "messages": [{"role": "user", "content": "%s"}]%s}}""".formatted(customId, message, more);
    }

    String id() {
        return id;
    }

    Batch look() {
        return client.batches().retrieve(id).validate();
    }

    void cancel() {
        client.batches().cancel(id).validate();
    }

    Batch await(Batch.Status status) {
        return Awaitility.await().atMost(PATIENCE).until(this::look, batch -> batch.status()
                .equals(status));
    }

    List<JsonNode> answers() {
        return lines(look().outputFileId());
    }

    List<JsonNode> errors() {
        return lines(look().errorFileId());
    }

    /// Of both files.
    List<String> customIds() {
        var ids = new ArrayList<String>();
        answers().forEach(line -> ids.add(line.path("custom_id").asText()));
        errors().forEach(line -> ids.add(line.path("custom_id").asText()));
        return ids;
    }

    private List<JsonNode> lines(Optional<String> file) {
        if (file.isEmpty()) {
            return List.of();
        }
        try (var content = client.files().content(file.get())) {
            var lines = new ArrayList<JsonNode>();
            for (String line : new String(content.body().readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                lines.add(JSON.readTree(line));
            }
            return lines;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
