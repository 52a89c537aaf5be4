package dev.parley.knowledge;

import dev.parley.knowledge.Chunks.Embedded;
import dev.parley.knowledge.Chunks.NewChunk;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import io.quarkus.arc.Arc;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;

/// Vector stores of synthetic chunks, written by the code that ingestion writes by. What is there stays: a second run
/// has nothing to load, and one that was broken off goes on.
final class SyntheticStores {

    private static final int CHUNKS_OF_A_FILE = 100;

    /// Files have the numbers 0 to 49 in turn as their attribute `n`.
    private static final int NUMBERS = 50;

    private final SyntheticCorpus corpus;
    private final String model;
    private final Transactions transactions = bean(Transactions.class);
    private final Attachments attachments = bean(Attachments.class);
    private final Chunks chunks = bean(Chunks.class);
    private final AtomicInteger written = new AtomicInteger();

    SyntheticStores(SyntheticCorpus corpus, String model) {
        this.corpus = corpus;
        this.model = model;
    }

    static <T> T bean(Class<T> type) {
        return Arc.container().instance(type).get();
    }

    static TenantId tenant(int number) {
        return new TenantId(new UUID(0xbe7c4L, number));
    }

    static VectorStoreId store(int number) {
        return new VectorStoreId(new UUID(0xbe7c5L, number));
    }

    void load(TenantId tenant, VectorStoreId store, int size) throws Exception {
        create(tenant, store);
        var work = new ArrayList<java.util.concurrent.Callable<Boolean>>();
        for (int file = 0; file < size / CHUNKS_OF_A_FILE; file++) {
            int number = file;
            work.add(() -> {
                file(tenant, store, number);
                return true;
            });
        }
        try (var threads = Executors.newFixedThreadPool(2)) {
            for (var done : threads.invokeAll(work)) {
                done.get();
            }
        }
    }

    /// As autovacuum would, sooner or later; only if something was written.
    void settle() throws SQLException {
        if (written.get() > 0) {
            var owner = bean(Flyway.class).getConfiguration().getDataSource();
            try (var connection = owner.getConnection()) {
                Sql.update(connection, "VACUUM (ANALYZE) files, vector_store_files, chunks, embeddings, postings");
            }
        }
    }

    private void create(TenantId tenant, VectorStoreId store) {
        transactions.runInTenant(tenant, connection -> {
            Sql.update(connection, "INSERT INTO tenants VALUES (?, 'bench') ON CONFLICT DO NOTHING", tenant);
            Sql.update(
                    connection,
                    "INSERT INTO vector_stores (tenant_id, id, embedding_model) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                    tenant,
                    store.value(),
                    model);
        });
    }

    private void file(TenantId tenant, VectorStoreId store, int number) {
        long first = store.value().getLeastSignificantBits() * 1_000_000 + number * CHUNKS_OF_A_FILE;
        var id = new AttachmentId(tenant, store, new FileId(new UUID(0xbe7c6L, first)));
        attach(id, number % NUMBERS);
        if (attachments.inProgress(id).isEmpty()) {
            return;
        }
        var passages = new ArrayList<SyntheticCorpus.Passage>();
        for (int i = 0; i < CHUNKS_OF_A_FILE; i++) {
            passages.add(corpus.chunk(first + i));
        }
        chunks.replace(
                id,
                passages.stream()
                        .map(passage -> new NewChunk(passage.text(), "", null, 400))
                        .toList());
        embed(id, passages);
        chunks.index(id);
        progress();
    }

    private void attach(AttachmentId id, int attribute) {
        transactions.runInTenant(id.tenant(), connection -> {
            Sql.update(connection, """
                    INSERT INTO files (tenant_id, id, filename, purpose, content_type, bytes, sha256)
                    VALUES (?, ?, 'synthetic.txt', 'assistants', 'text/plain', 0, sha256('')) ON CONFLICT DO NOTHING
                    """, id.tenant(), id.file().value());
            Sql.update(
                    connection,
                    """
                    INSERT INTO vector_store_files (tenant_id, vector_store_id, file_id, attributes,
                                                    max_chunk_size_tokens, chunk_overlap_tokens)
                    VALUES (?, ?, ?, jsonb_build_object('n', ?::int), 400, 80) ON CONFLICT DO NOTHING
                    """,
                    id.tenant(),
                    id.vectorStore().value(),
                    id.file().value(),
                    attribute);
        });
    }

    private void embed(AttachmentId id, List<SyntheticCorpus.Passage> passages) {
        var embedded = new ArrayList<Embedded>();
        for (var chunk : chunks.unembedded(id, model, CHUNKS_OF_A_FILE)) {
            float[] vector = passages.get(embedded.size()).vector();
            embedded.add(new Embedded(chunk.chunkId(), chunk.sha256(), vector));
        }
        chunks.saveEmbeddings(id, model, embedded);
        chunks.markEmbedded(id);
    }

    private void progress() {
        int files = written.incrementAndGet();
        if (files % 50 == 0) {
            System.err.printf("Loaded %,d chunks%n", files * CHUNKS_OF_A_FILE);
        }
    }
}
