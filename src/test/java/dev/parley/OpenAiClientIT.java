package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.MultipartField;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.ComparisonFilter;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FilePurpose;
import com.openai.models.vectorstores.VectorStore;
import com.openai.models.vectorstores.VectorStoreCreateParams;
import com.openai.models.vectorstores.VectorStoreSearchParams;
import com.openai.models.vectorstores.filebatches.FileBatchCreateParams;
import com.openai.models.vectorstores.filebatches.FileBatchRetrieveParams;
import com.openai.models.vectorstores.filebatches.VectorStoreFileBatch;
import com.openai.models.vectorstores.files.FileCreateParams.Attributes;
import dev.parley.testing.Api;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// OpenAI's own Java client, with nothing changed but base URL and key.
@QuarkusTest
class OpenAiClientIT {

    private static final String QUESTION = "How long may a parcel stay at the counter?";

    private final OpenAIClient client = OpenAIOkHttpClient.builder()
            .baseUrl(Api.url() + "/v1")
            .apiKey(Api.newTenant())
            .maxRetries(0)
            .build();

    @Test
    void listsModelsAndNamesOne() {
        assertThat(client.models().list().items())
                .allSatisfy(model -> model.validate())
                .anySatisfy(model -> assertThat(model.id()).isEqualTo("extractive"));
        assertThat(client.models().retrieve("extractive").validate().ownedBy()).isNotBlank();
    }

    @Test
    void embedsOneTextAndMany() {
        String model = embeddingModel();
        var one = client.embeddings()
                .create(EmbeddingCreateParams.builder()
                        .model(model)
                        .input("a parcel")
                        .build())
                .validate();
        var many = client.embeddings()
                .create(EmbeddingCreateParams.builder()
                        .model(model)
                        .inputOfArrayOfStrings(List.of("a parcel", "a letter"))
                        .build())
                .validate();

        assertThat(many.data()).hasSize(2);
        assertThat(many.data().getFirst().embedding())
                .isEqualTo(one.data().getFirst().embedding());
        assertThat(many.usage().promptTokens()).isPositive();
    }

    @Test
    void answersFromDocumentsWithCitations() {
        String counter = upload("counter.md", "# Counter\n\nA parcel may stay at the counter for nine days.");
        String stamps = upload("stamps.txt", "Stamps are sold in sheets of ten.");
        VectorStore store = client.vectorStores()
                .create(VectorStoreCreateParams.builder().name("post office").build())
                .validate();
        attachAndPoll(store.id(), List.of(counter, stamps));

        assertThat(client.vectorStores()
                        .retrieve(store.id())
                        .validate()
                        .fileCounts()
                        .completed())
                .isEqualTo(2);
        var hits = client.vectorStores()
                .search(
                        store.id(),
                        VectorStoreSearchParams.builder().query(QUESTION).build())
                .items();
        assertThat(hits.getFirst().validate().filename()).isEqualTo("counter.md");

        var answer = client.chat().completions().create(question(store.id()).build());
        var message = answer.choices().getFirst().message();
        assertThat(message.content().orElseThrow()).contains("nine days").contains("[1]");
        assertThat(answer.usage().orElseThrow().totalTokens()).isPositive();
        assertThat(citedFile(message)).isEqualTo(counter);
        assertThat(answer._additionalProperties()).containsKey("parley");

        assertThat(streamed(question(store.id()).build()))
                .isEqualTo(message.content().orElseThrow());
    }

    @Test
    void filtersByAttributes() {
        String file = upload("north.txt", "Opening hours of the northern branch are nine to five.");
        String other = upload("south.txt", "Opening hours of the southern branch are ten to four.");
        String store = client.vectorStores().create().id();
        for (var entry : Map.of(file, "north", other, "south").entrySet()) {
            client.vectorStores()
                    .files()
                    .create(
                            store,
                            com.openai.models.vectorstores.files.FileCreateParams.builder()
                                    .fileId(entry.getKey())
                                    .attributes(Attributes.builder()
                                            .putAdditionalProperty("branch", JsonValue.from(entry.getValue()))
                                            .build())
                                    .build())
                    .validate();
        }
        await().atMost(Duration.ofSeconds(30))
                .until(() -> client.vectorStores().retrieve(store).fileCounts().completed() == 2);

        var hits = client.vectorStores()
                .search(
                        store,
                        VectorStoreSearchParams.builder()
                                .query("opening hours")
                                .filters(ComparisonFilter.builder()
                                        .type(ComparisonFilter.Type.EQ)
                                        .key("branch")
                                        .value("south")
                                        .build())
                                .build())
                .items();
        assertThat(hits).singleElement().satisfies(hit -> assertThat(hit.fileId())
                .isEqualTo(other));
    }

    @Test
    void keepsFilesAsTheyWere() throws Exception {
        String id = upload("kept.txt", "kept as it was");

        assertThat(client.files().retrieve(id).validate().filename()).isEqualTo("kept.txt");
        try (var content = client.files().content(id);
                InputStream body = content.body()) {
            assertThat(body).hasContent("kept as it was");
        }
        assertThat(client.files().list().items())
                .anySatisfy(file -> assertThat(file.id()).isEqualTo(id));
        assertThat(client.files().delete(id).validate().deleted()).isTrue();
        assertThatThrownBy(() -> client.files().retrieve(id)).isInstanceOf(NotFoundException.class);
    }

    @Test
    void failuresAreTyped() {
        assertThatThrownBy(() -> chat("no-such-model"))
                .isInstanceOfSatisfying(NotFoundException.class, failure -> assertThat(failure.code())
                        .contains("model_not_found"));
        assertThatThrownBy(() -> client.chat()
                        .completions()
                        .create(ChatCompletionCreateParams.builder()
                                .model("extractive")
                                .addUserMessage("hello")
                                .n(2)
                                .build()))
                .isInstanceOfSatisfying(BadRequestException.class, failure -> assertThat(failure.param())
                        .contains("n"));
        var stranger = client.withOptions(options -> options.apiKey("sk-parley-stranger"));
        assertThatThrownBy(() -> stranger.models().list())
                .isInstanceOfSatisfying(UnauthorizedException.class, failure -> assertThat(failure.code())
                        .contains("invalid_api_key"));
    }

    private void chat(String model) {
        client.chat()
                .completions()
                .create(ChatCompletionCreateParams.builder()
                        .model(model)
                        .addUserMessage("hello")
                        .build());
    }

    private ChatCompletionCreateParams.Builder question(String store) {
        return ChatCompletionCreateParams.builder()
                .model("extractive")
                .addUserMessage(QUESTION)
                .putAdditionalBodyProperty("parley", JsonValue.from(Map.of("vector_store_ids", List.of(store))));
    }

    private String streamed(ChatCompletionCreateParams params) {
        var whole = ChatCompletionAccumulator.create();
        try (var chunks = client.chat().completions().createStreaming(params)) {
            chunks.stream().filter(chunk -> !chunk.choices().isEmpty()).forEach(whole::accumulate);
        }
        return whole.chatCompletion().choices().getFirst().message().content().orElseThrow();
    }

    private String upload(String name, String text) {
        return client.files()
                .create(FileCreateParams.builder()
                        .purpose(FilePurpose.ASSISTANTS)
                        .file(MultipartField.<InputStream>builder()
                                .value(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
                                .filename(name)
                                .build())
                        .build())
                .validate()
                .id();
    }

    private void attachAndPoll(String store, List<String> files) {
        String batch = client.vectorStores()
                .fileBatches()
                .create(store, FileBatchCreateParams.builder().fileIds(files).build())
                .validate()
                .id();
        await().atMost(Duration.ofSeconds(30)).until(() -> client.vectorStores()
                .fileBatches()
                .retrieve(
                        batch,
                        FileBatchRetrieveParams.builder().vectorStoreId(store).build())
                .validate()
                .status()
                .equals(VectorStoreFileBatch.Status.COMPLETED));
    }

    private String embeddingModel() {
        return client.models().list().items().stream()
                .map(model -> model.id())
                .filter(id -> id.startsWith("bge") || id.startsWith("hash"))
                .sorted()
                .toList()
                .getLast();
    }

    /// OpenAI knows citations of web pages only in chat completions: Parley's stand beside them.
    private static Object citedFile(ChatCompletionMessage message) {
        JsonValue citation = message.annotations()
                .orElseThrow()
                .getFirst()
                ._additionalProperties()
                .get("file_citation");
        return citation.convert(Map.class).get("file_id");
    }
}
