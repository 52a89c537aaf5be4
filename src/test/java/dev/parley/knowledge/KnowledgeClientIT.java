package dev.parley.knowledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.NotFoundException;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FileObject;
import com.openai.models.files.FilePurpose;
import com.openai.models.vectorstores.VectorStore;
import com.openai.models.vectorstores.VectorStoreCreateParams;
import com.openai.models.vectorstores.VectorStoreSearchParams;
import com.openai.models.vectorstores.filebatches.FileBatchCreateParams;
import com.openai.models.vectorstores.filebatches.FileBatchRetrieveParams;
import com.openai.models.vectorstores.filebatches.VectorStoreFileBatch;
import com.openai.models.vectorstores.files.FileRetrieveParams;
import dev.parley.testing.Api;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// OpenAI's own client, with nothing but its base URL and key changed.
@QuarkusTest
@TestProfile(KnowledgeProfile.class)
class KnowledgeClientIT {

    private static final String TEXT = "apples are red";

    private final Corpus corpus = Corpus.ofNewTenant();
    private final OpenAIClient client = OpenAIOkHttpClient.builder()
            .baseUrl(Api.url() + "/v1")
            .apiKey(corpus.key)
            .maxRetries(0)
            .build();

    @Test
    void aBatchOfFilesIsUnderstood(@TempDir Path folder) throws IOException {
        FileObject file = upload(folder);
        VectorStore store = store();
        VectorStoreFileBatch batch = attach(store, file);
        assertThat(batch.status()).isEqualTo(VectorStoreFileBatch.Status.IN_PROGRESS);

        ingest(store, file);

        batch.validate();
        assertThat(client.vectorStores()
                        .fileBatches()
                        .retrieve(FileBatchRetrieveParams.builder()
                                .vectorStoreId(store.id())
                                .batchId(batch.id())
                                .build())
                        .validate()
                        .fileCounts()
                        .completed())
                .isEqualTo(1);
        assertThat(client.vectorStores()
                        .files()
                        .retrieve(FileRetrieveParams.builder()
                                .vectorStoreId(store.id())
                                .fileId(file.id())
                                .build())
                        .validate()
                        .status()
                        .asString())
                .isEqualTo("completed");
    }

    @Test
    void aSearchIsUnderstood(@TempDir Path folder) throws IOException {
        FileObject file = upload(folder);
        VectorStore store = store();
        attach(store, file);
        ingest(store, file);

        var found = client.vectorStores()
                .search(VectorStoreSearchParams.builder()
                        .vectorStoreId(store.id())
                        .query("red apples")
                        .build())
                .items();

        assertThat(found).singleElement().satisfies(hit -> {
            assertThat(hit.validate().filename()).isEqualTo("apples.md");
            assertThat(hit.content().getFirst().text()).isEqualTo(TEXT);
        });
        assertThat(client.vectorStores().retrieve(store.id()).validate().usageBytes())
                .isPositive();
    }

    @Test
    void filesAndStoresAreListedAndDeleted(@TempDir Path folder) throws IOException {
        FileObject file = upload(folder);
        VectorStore store = store();

        assertThat(client.vectorStores().list().items()).hasSize(1);
        assertThat(client.files().list().items()).extracting(FileObject::id).containsExactly(file.id());
        assertThat(client.files().content(file.id()).body())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(TEXT);
        assertThat(client.vectorStores().delete(store.id()).validate().deleted())
                .isTrue();
        assertThat(client.files().delete(file.id()).validate().deleted()).isTrue();
    }

    @Test
    void failuresAreTyped() {
        assertThatThrownBy(() -> client.vectorStores().retrieve("vs_nope")).isInstanceOf(NotFoundException.class);
    }

    private FileObject upload(Path folder) throws IOException {
        return client.files()
                .create(FileCreateParams.builder()
                        .file(Files.writeString(folder.resolve("apples.md"), TEXT))
                        .purpose(FilePurpose.ASSISTANTS)
                        .build());
    }

    private VectorStore store() {
        return client.vectorStores()
                .create(VectorStoreCreateParams.builder().name("Fruit").build());
    }

    private VectorStoreFileBatch attach(VectorStore store, FileObject file) {
        return client.vectorStores()
                .fileBatches()
                .create(FileBatchCreateParams.builder()
                        .vectorStoreId(store.id())
                        .fileIds(List.of(file.id()))
                        .build());
    }

    private void ingest(VectorStore store, FileObject file) {
        corpus.ingest(new AttachmentId(corpus.tenant, VectorStoreId.parse(store.id()), FileId.parse(file.id())), TEXT);
    }
}
