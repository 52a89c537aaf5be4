package dev.parley.knowledge;

import static dev.parley.knowledge.SyntheticStores.bean;

import dev.parley.knowledge.Filter.Comparison;
import dev.parley.knowledge.Filter.Operator;
import dev.parley.model.EmbeddingModelInfo;
import dev.parley.model.EmbeddingModels;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Measures searches of 100,000 chunks by the application's own code, in its process: everything between the embedded
/// query and the loaded hits. Run by `./dev bench search`; progress goes to standard error, the result in Markdown to
/// standard output.
public final class SearchBench implements QuarkusApplication {

    private static final int CHUNKS = 100_000;
    private static final int OTHER_CHUNKS = 5_000;
    private static final int OTHER_TENANTS = 4;
    private static final int QUESTIONS = 50;
    private static final int ROUNDS = 3;
    private static final int K = 10;

    private final SyntheticCorpus corpus = new SyntheticCorpus();
    private final TenantId tenant = SyntheticStores.tenant(1);
    private final VectorStoreId store = SyntheticStores.store(1);
    private final EmbeddingModelInfo model =
            bean(EmbeddingModels.class).info(bean(EmbeddingModels.class).defaultModel().orElseThrow());

    private enum Kind {
        DENSE("dense", new Ranking(1, 0, 0), null),
        DENSE_OF_A_FIFTH("dense, filter that a fifth passes", new Ranking(1, 0, 0), 10.0),
        DENSE_OF_A_FIFTIETH("dense, filter that one in fifty passes", new Ranking(1, 0, 0), 1.0),
        BM25("BM25", new Ranking(0, 1, 0), null),
        FUSED("fused", Ranking.DEFAULT, null),
        FUSED_OF_A_FIFTH("fused, filter that a fifth passes", Ranking.DEFAULT, 10.0);

        private final String title;
        private final Ranking ranking;
        private final @Nullable Filter filter;

        Kind(String title, Ranking ranking, @Nullable Double below) {
            this.title = title;
            this.ranking = ranking;
            this.filter = below == null ? null : new Comparison("n", Operator.LT, below);
        }
    }

    private record Percentiles(double p50, double p95) {}

    public static void main(String... arguments) {
        Quarkus.run(SearchBench.class, arguments);
    }

    @Override
    public int run(String... arguments) throws Exception {
        load();
        System.out.printf(
                Locale.ROOT,
                "%,d chunks of one store, %,d of others; %d questions, k = %d, medians of %d rounds%n%n",
                CHUNKS,
                OTHER_CHUNKS * (1 + OTHER_TENANTS),
                QUESTIONS,
                K,
                ROUNDS);
        System.out.println("| Search | Readers | p50, ms | p95, ms |\n|---|---:|---:|---:|");
        for (int readers = 1; readers <= 2; readers++) {
            for (var kind : Kind.values()) {
                var measured = measure(kind, readers);
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %d | %.1f | %.1f |%n",
                        kind.title,
                        readers,
                        measured.p50(),
                        measured.p95());
            }
        }
        System.out.printf(Locale.ROOT, "%nrecall@%d of dense against the exact scan: %.4f%n", K, recall());
        return 0;
    }

    private void load() throws Exception {
        var stores = new SyntheticStores(corpus, model.alias());
        stores.load(tenant, store, CHUNKS);
        stores.load(tenant, SyntheticStores.store(2), OTHER_CHUNKS);
        for (int other = 0; other < OTHER_TENANTS; other++) {
            stores.load(SyntheticStores.tenant(2 + other), SyntheticStores.store(3 + other), OTHER_CHUNKS);
        }
        stores.settle();
    }

    /// The first round warms up and does not count.
    private Percentiles measure(Kind kind, int readers) throws Exception {
        var rounds = new ArrayList<Percentiles>();
        for (int round = 0; round <= ROUNDS; round++) {
            var millis = round(kind, readers);
            rounds.add(new Percentiles(millis[QUESTIONS / 2], millis[QUESTIONS * 95 / 100]));
        }
        var counted = rounds.subList(1, rounds.size());
        return new Percentiles(
                median(counted.stream().mapToDouble(Percentiles::p50).toArray()),
                median(counted.stream().mapToDouble(Percentiles::p95).toArray()));
    }

    /// How long each question took, sorted.
    private double[] round(Kind kind, int readers) throws Exception {
        List<Callable<Double>> searches = IntStream.range(0, QUESTIONS)
                .mapToObj(number -> (Callable<Double>) () -> millis(kind, number))
                .toList();
        var millis = new ArrayList<Double>();
        try (var threads = Executors.newFixedThreadPool(readers)) {
            for (var search : threads.invokeAll(searches)) {
                millis.add(search.get());
            }
        }
        return millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    }

    private double millis(Kind kind, int number) {
        var asked = corpus.question(number);
        long start = System.nanoTime();
        var searched = bean(SearchedStores.class).get(tenant, List.of(store));
        var vector = new QueryEmbedding.Vector(model, asked.vector(), List.of(store.value()));
        var question = new Search.Question(
                new SearchQuery(List.of(store), asked.text(), K, kind.filter, kind.ranking),
                asked.text(),
                new QueryEmbedding.Embedded(
                        kind.ranking.embeddingWeight() > 0 ? List.of(vector) : List.of(), false));
        int hits = bean(Search.class).find(tenant, searched, question).size();
        if (hits != K) {
            throw new IllegalStateException("%s found %d of %d".formatted(kind, hits, K));
        }
        return (System.nanoTime() - start) / 1e6;
    }

    private double recall() {
        var scope = new Scope(tenant, List.of(store.value()), Predicate.ALWAYS, K);
        var dense = bean(DenseRanking.class);
        int right = 0;
        for (int number = 0; number < QUESTIONS; number++) {
            float[] vector = corpus.question(number).vector();
            right += bean(Transactions.class).inTenant(tenant, connection -> {
                var found = new HashSet<>(chunks(dense.rank(connection, scope, model, vector)));
                found.retainAll(chunks(dense.exact(connection, scope, model, vector)));
                return found.size();
            });
        }
        return right / (double) (K * QUESTIONS);
    }

    private static List<Long> chunks(List<Scored> ranking) {
        return ranking.stream().map(Scored::chunk).toList();
    }

    private static double median(double... values) {
        java.util.Arrays.sort(values);
        return values[values.length / 2];
    }
}
