package dev.parley.model;

import dev.parley.model.Catalog.EmbeddingEntry;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Embedding models by alias.
@ApplicationScoped
public class EmbeddingModels {

    private static final int MAX_BYTES_PER_CHAR = 3;

    /// What a model puts around a text.
    private static final int SPECIAL_TOKENS = 8;

    private final Catalog catalog;
    private final Guards guards;
    private final SharedBreakers breakers;
    private final Map<String, EmbeddingProvider> providers;
    private final Map<String, EmbeddingProvider.Client> clients = new ConcurrentHashMap<>();

    EmbeddingModels(Catalog catalog, Guards guards, SharedBreakers breakers, @All List<EmbeddingProvider> providers) {
        this.catalog = catalog;
        this.guards = guards;
        this.breakers = breakers;
        this.providers = providers.stream().collect(Collectors.toMap(EmbeddingProvider::type, Function.identity()));
    }

    /// The model that new vector stores get; empty when none is configured, and search is BM25 alone.
    public Optional<String> defaultModel() {
        return catalog.defaultEmbedding();
    }

    /// Every model of the catalog.
    public List<EmbeddingModelInfo> all() {
        return catalog.embeddings().entrySet().stream()
                .map(entry -> new EmbeddingModelInfo(
                        entry.getKey(),
                        entry.getValue().dimensions(),
                        entry.getValue().maxInputTokens()))
                .toList();
    }

    /// @throws dev.parley.problem.Problem (404, `model_not_found`) for an unknown alias
    public EmbeddingModelInfo info(String alias) {
        ModelsConfig.Embedding model = catalog.embedding(alias).model();
        return new EmbeddingModelInfo(alias, model.dimensions(), model.maxInputTokens());
    }

    /// Embeds passages of documents, in order. Splits into as many provider calls as the model's batch limit asks.
    /// Texts have to fit [EmbeddingModelInfo#maxInputTokens]: what a model does with longer ones is its own affair.
    ///
    /// @throws ModelFailure when the model does not answer
    public Embeddings embedDocuments(String alias, List<String> texts, Spend spend) {
        return embed(alias, texts, null, payer(alias, spend));
    }

    /// Embeds a question, with the prefix that the model wants for one.
    public float[] embedQuery(String alias, String query, Spend spend) {
        String prefix = catalog.embedding(alias).model().queryPrefix().orElse("");
        return embed(alias, List.of(prefix + query), null, payer(alias, spend))
                .vectors()
                .getFirst();
    }

    /// Tokens of a text by the model's own tokenizer, special tokens excluded.
    public int countTokens(String alias, String text) {
        return client(catalog.embedding(alias)).countTokens(text);
    }

    /// The most that embedding these texts may cost. No tokenizer makes more tokens than a text has bytes.
    public Bound bound(String alias, List<String> texts) {
        breakers.renewSoon();
        return bound(catalog.embedding(alias), texts);
    }

    private static Bound bound(EmbeddingEntry entry, List<String> texts) {
        long perText = entry.model().maxInputTokens() + SPECIAL_TOKENS;
        long tokens = texts.stream()
                .mapToLong(text -> Math.min(perText, SPECIAL_TOKENS + (long) MAX_BYTES_PER_CHAR * text.length()))
                .sum();
        return new Bound(cost(entry, tokens), tokens);
    }

    private static long cost(EmbeddingEntry entry, long tokens) {
        return entry.model().price().map(price -> Price.micros(price, tokens)).orElse(0L);
    }

    /// In passing, what costs nothing is not worth a line in the ledger.
    private Spend payer(String alias, Spend spend) {
        return catalog.embedding(alias).isFree() ? spend.free() : spend;
    }

    /// Whether the model can give fewer dimensions than its own.
    public boolean supportsDimensions(String alias) {
        return catalog.embedding(alias).model().supportsDimensions();
    }

    /// Embeds for who asked for vectors: every call is accounted for, also where it is free.
    ///
    /// @param dimensions fewer than the model's own; null for all
    /// @throws ModelFailure when the model does not answer
    public Embeddings embed(String alias, List<String> texts, @Nullable Integer dimensions, Spend spend) {
        EmbeddingEntry entry = catalog.embedding(alias);
        var attempts = new Attempts();
        var vectors = new ArrayList<float[]>(texts.size());
        int tokens = 0;
        int batch = entry.model().batchSize();
        for (int start = 0; start < texts.size(); start += batch) {
            List<String> part = texts.subList(start, Math.min(texts.size(), start + batch));
            var embedded = call(entry, part, dimensions, new Call(attempts, spend));
            embedded.vectors().forEach(vector -> vectors.add(normalized(vector)));
            int counted = embedded.tokens() == null ? count(entry, part) : embedded.tokens();
            spend.end(paid(entry, counted, embedded.tokens() == null));
            tokens += counted;
        }
        return priced(entry, vectors, tokens);
    }

    /// What goes along with a call.
    private record Call(Attempts attempts, Spend spend) {}

    private EmbeddingProvider.Vectors call(
            EmbeddingEntry entry, List<String> texts, @Nullable Integer dimensions, Call call) {
        Guarded model = guards.of(entry.model().provider(), entry.model().name(), entry.provider());
        try {
            return model.call(call.spend, () -> ask(entry, texts, dimensions, call), EmbeddingProvider.Vectors.class);
        } catch (ProviderFailure failure) {
            throw ModelFailure.of(failure.error(), entry.alias(), call.attempts.list());
        }
    }

    private EmbeddingProvider.Vectors ask(
            EmbeddingEntry entry, List<String> texts, @Nullable Integer dimensions, Call call) {
        call.spend.begin(entry.alias(), bound(entry, texts));
        try {
            return call.attempts.record(
                    entry.alias(), entry.model().provider(), () -> client(entry).embed(texts, dimensions));
        } catch (RuntimeException | Error failure) {
            if (failure instanceof ProviderFailure provider && provider.isCut()) {
                call.spend.end(paid(entry, count(entry, texts), true));
            } else {
                call.spend.endUnpaid();
            }
            throw failure;
        }
    }

    private static Paid paid(EmbeddingEntry entry, int tokens, boolean estimated) {
        return new Paid(entry.alias(), entry.model().provider(), tokens, 0, 0, cost(entry, tokens), estimated);
    }

    private int count(EmbeddingEntry entry, List<String> texts) {
        return texts.stream().mapToInt(client(entry)::countTokens).sum();
    }

    private static Embeddings priced(EmbeddingEntry entry, List<float[]> vectors, int tokens) {
        return entry.model()
                .price()
                .map(price -> new Embeddings(vectors, tokens, Price.micros(price, tokens), Set.of()))
                .orElseGet(() -> new Embeddings(vectors, tokens, 0, Set.of(Warning.PRICE_UNKNOWN)));
    }

    private static float[] normalized(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        double length = Math.sqrt(squares);
        var unit = new float[vector.length];
        for (int i = 0; i < vector.length; i++) {
            unit[i] = length == 0 ? vector[i] : (float) (vector[i] / length);
        }
        return unit;
    }

    private EmbeddingProvider.Client client(EmbeddingEntry entry) {
        return clients.computeIfAbsent(entry.alias(), alias -> {
            EmbeddingProvider provider = providers.get(entry.provider().type());
            if (provider == null) {
                throw new IllegalStateException("No embedding models of type '%s'; there are %s"
                        .formatted(entry.provider().type(), providers.keySet()));
            }
            return provider.open(entry.model().name(), entry.settings());
        });
    }
}
