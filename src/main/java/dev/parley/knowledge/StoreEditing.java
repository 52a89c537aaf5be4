package dev.parley.knowledge;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.JsonField;
import dev.parley.api.Metadata;
import dev.parley.knowledge.VectorStoreRequest.Change;
import dev.parley.knowledge.VectorStoreRequest.Extension;
import dev.parley.model.EmbeddingModels;
import dev.parley.postgres.Ids;
import dev.parley.postgres.Json;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Makes and changes vector stores as clients ask, or says what is wrong with what they ask.
@ApplicationScoped
class StoreEditing {

    private static final Extension DEFAULTS = new Extension(null, null);

    private final Transactions transactions;
    private final VectorStores stores;
    private final VectorStoreFiles files;
    private final NewAttachments newAttachments;
    private final EmbeddingModels models;
    private final KnowledgeConfig config;
    private final Json json;
    private final Clock clock;

    StoreEditing(
            Transactions transactions,
            VectorStores stores,
            VectorStoreFiles files,
            NewAttachments newAttachments,
            EmbeddingModels models,
            KnowledgeConfig config,
            Json json,
            Clock clock) {
        this.transactions = transactions;
        this.stores = stores;
        this.files = files;
        this.newAttachments = newAttachments;
        this.models = models;
        this.config = config;
        this.json = json;
        this.clock = clock;
    }

    /// The store with its first files, or neither.
    VectorStore create(TenantId tenant, VectorStoreRequest request) {
        VectorStore store = store(tenant, request);
        List<NewAttachment> attached = newAttachments.ofStore(request);
        transactions.runInTenant(tenant, _ -> {
            stores.create(tenant, store);
            files.attach(tenant, store.storeId(), null, attached);
        });
        return store;
    }

    VectorStore modify(TenantId tenant, VectorStoreId id, Change change) {
        String metadata = metadata(change.metadata());
        return stores.modify(tenant, id, store -> {
            store.checkExpiry(clock.instant());
            store.name = change.name() == null ? store.name : ChunkText.storable(change.name());
            store.metadata = metadata == null ? store.metadata : metadata;
            if (change.expiresAfter() != null) {
                store.expiresAfterDays = change.expiresAfter().days();
            }
        });
    }

    private VectorStore store(TenantId tenant, VectorStoreRequest request) {
        Extension extension = request.parley() == null ? DEFAULTS : request.parley();
        var store = new VectorStore();
        store.id = Ids.next();
        store.tenantId = tenant.value();
        store.name = request.name() == null ? "" : ChunkText.storable(request.name());
        store.description = request.description() == null ? null : ChunkText.storable(request.description());
        store.metadata = Objects.requireNonNullElse(metadata(request.metadata()), "{}");
        store.embeddingModel = embeddingModel(extension.embeddingModel());
        store.textSearch = textSearch(tenant, extension.textSearch());
        store.expiresAfterDays =
                request.expiresAfter() == null ? null : request.expiresAfter().days();
        store.createdAt = clock.instant();
        store.lastActiveAt = store.createdAt;
        return store;
    }

    private @Nullable String metadata(@Nullable JsonNode asked) {
        return asked == null || asked.isNull() ? null : json.write(Metadata.read(new JsonField("metadata", asked)));
    }

    private @Nullable String embeddingModel(@Nullable String asked) {
        if (asked == null) {
            return models.defaultModel().orElse(null);
        }
        return models.info(asked).alias();
    }

    private String textSearch(TenantId tenant, @Nullable String asked) {
        if (asked == null) {
            return config.textSearch();
        }
        if (asked.indexOf('\0') >= 0 || !stores.knowsTextSearch(tenant, asked)) {
            throw Problem.invalid(
                    "parley.text_search",
                    "The database has no text search configuration '%s'.".formatted(ChunkText.storable(asked)));
        }
        return asked;
    }
}
