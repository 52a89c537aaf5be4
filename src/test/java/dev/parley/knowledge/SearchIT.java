package dev.parley.knowledge;

import static dev.parley.testing.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.parley.knowledge.Filter.Comparison;
import dev.parley.knowledge.Filter.Operator;
import dev.parley.model.EmbeddingModelInfo;
import dev.parley.model.Spend;
import dev.parley.postgres.Json;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.problem.Problem;
import dev.parley.testing.HashEmbedder;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(KnowledgeProfile.class)
class SearchIT {

    private static final Ranking LEXICAL = new Ranking(0, 1, 0);

    private final Search search;
    private final DenseRanking dense;
    private final Transactions transactions;
    private final Json json;
    private final Corpus corpus = Corpus.ofNewTenant();

    SearchIT(Search search, DenseRanking dense, Transactions transactions, Json json) {
        this.search = search;
        this.dense = dense;
        this.transactions = transactions;
        this.json = json;
    }

    @Test
    void theEndpointAnswersInOpenAisShape() {
        VectorStoreId store = corpus.store();
        corpus.document(store, Map.of("lang", "en", "year", 2024), "apples are red", "plums are blue");
        corpus.document(store, Map.of("lang", "de"), "cars are fast");

        post(store, Map.of("query", "red apples", "max_num_results", 2))
                .statusCode(200)
                .body("object", equalTo("vector_store.search_results.page"))
                .body("search_query", equalTo(List.of("red apples")))
                .body("data", hasSize(2))
                .body("data[0].content[0].type", equalTo("text"))
                .body("data[0].content[0].text", equalTo("apples are red"))
                .body("data[0].filename", equalTo("document.txt"))
                .body("data[0].attributes.lang", equalTo("en"))
                .body("data[0].attributes.year", equalTo(2024))
                .body("data[0].score", greaterThan(0.9f))
                .body("has_more", equalTo(false))
                .body("next_page", nullValue())
                .body("parley.degraded", equalTo(false));
        post(
                        store,
                        Map.of(
                                "query",
                                List.of("red apples", "fast cars"),
                                "filters",
                                Map.of("type", "eq", "key", "lang", "value", "de")))
                .statusCode(200)
                .body("data", hasSize(1))
                .body("data[0].content[0].text", equalTo("cars are fast"));
    }

    @Test
    void badSearchesNameTheParameter() {
        VectorStoreId store = corpus.store();

        refused(store, Map.of(), "query");
        refused(store, Map.of("query", " "), "query");
        refused(store, Map.of("query", List.of()), "query");
        refused(store, Map.of("query", "a", "max_num_results", 0), "max_num_results");
        refused(store, Map.of("query", "a", "max_num_results", 101), "max_num_results");
        refused(store, Map.of("query", "a", "rewrite_query", true), "rewrite_query");
        refused(store, Map.of("query", "a", "filters", Map.of("type", "eq", "key", "k")), "filters.value");
        refused(store, Map.of("query", "a", "colour", 1), "colour");
        refused(
                store,
                Map.of("query", "a", "ranking_options", Map.of("score_threshold", 2)),
                "ranking_options.score_threshold");
        refused(store, Map.of("query", "a", "ranking_options", Map.of("ranker", "mine")), "ranking_options.ranker");
        refused(
                store,
                Map.of(
                        "query",
                        "a",
                        "ranking_options",
                        Map.of("hybrid_search", Map.of("embedding_weight", 0, "text_weight", 0))),
                "ranking_options.hybrid_search");
        refused(
                store,
                Map.of(
                        "query",
                        "a",
                        "ranking_options",
                        Map.of("hybrid_search", Map.of("embedding_weight", 1001, "text_weight", 0))),
                "ranking_options.hybrid_search.embedding_weight");
    }

    @Test
    void everyRankerThatOpenAiDocumentsIsTaken() {
        VectorStoreId store = corpus.store();

        for (String ranker : List.of("auto", "none", "default-2024-11-15", "default_2024_08_21")) {
            post(store, Map.of("query", "a", "ranking_options", Map.of("ranker", ranker)))
                    .statusCode(200);
        }
    }

    @Test
    void ofAnEndlessQueryTheFirstWordsCount() {
        VectorStoreId store = corpus.store();
        corpus.document(store, Map.of(), "zebra");
        String others = IntStream.range(0, LexicalRanking.MAX_WORDS)
                .mapToObj(i -> "word" + i)
                .collect(Collectors.joining(" "));

        assertThat(find(store, "zebra " + others, LEXICAL)).hasSize(1);
        assertThat(find(store, others + " zebra", LEXICAL)).isEmpty();
    }

    @Test
    void anotherTenantsStoreDoesNotExist() {
        VectorStoreId store = corpus.store();
        corpus.document(store, Map.of(), "secret plans");
        Corpus other = Corpus.ofNewTenant();

        as(other.key)
                .body(Map.of("query", "secret"))
                .post("/v1/vector_stores/" + store + "/search")
                .then()
                .statusCode(404);
        assertThatThrownBy(
                        () -> search.search(other.tenant, SearchQuery.of(List.of(store), "secret", 5), Spend.UNMETERED))
                .isInstanceOf(Problem.class);
    }

    @Test
    void onlyCompletedFilesAreFound() {
        VectorStoreId store = corpus.store();
        AttachmentId id = corpus.attach(store, corpus.file("a.txt", "x"), Map.of());
        corpus.cut(id, "half done");
        corpus.embed(id);

        assertThat(find(store, "half done", Ranking.DEFAULT)).isEmpty();
        Corpus.chunks().index(id);
        assertThat(find(store, "half done", Ranking.DEFAULT)).hasSize(1);
    }

    @Test
    void theThresholdLeavesOutWeakHits() {
        VectorStoreId store = corpus.store();
        corpus.document(store, Map.of(), "apples are red", "an engine block");

        assertThat(find(store, "apples are red", new Ranking(1, 0, 0.9)))
                .extracting(Hit::text)
                .containsExactly("apples are red");
    }

    @Test
    void twoStoresAreSearchedAsOne() {
        VectorStoreId one = corpus.store();
        VectorStoreId two = corpus.store();
        corpus.document(one, Map.of(), "apples are red");
        corpus.document(two, Map.of(), "apples are green");

        var result = search.search(corpus.tenant, SearchQuery.of(List.of(one, two), "apples", 10), Spend.UNMETERED);

        assertThat(result.hits()).extracting(Hit::vectorStore).containsExactlyInAnyOrder(one, two);
    }

    @Test
    void bm25AgreesWithTheTextbook() {
        VectorStoreId store = corpus.store();
        List<String> texts = sentences(200);
        corpus.document(store, Map.of(), texts.toArray(String[]::new));
        var reference = new Bm25(texts.stream().map(SearchIT::terms).toList());
        String query = "zorp blik blik quux nowhere";

        List<Hit> hits = find(store, query, LEXICAL);

        List<Double> expected = texts.stream()
                .map(text -> reference.score(terms(text), terms(query)))
                .filter(score -> score > 0)
                .sorted((a, b) -> Double.compare(b, a))
                .limit(10)
                .toList();
        assertThat(hits).hasSize(10);
        for (int i = 0; i < hits.size(); i++) {
            assertThat(hits.get(i).score()).isCloseTo(expected.get(i), within(1e-9));
            assertThat(reference.score(terms(hits.get(i).text()), terms(query)))
                    .isCloseTo(hits.get(i).score(), within(1e-9));
        }
    }

    /// With nothing but the rarest word read whole, the frequent ones are looked up for what it finds.
    @Test
    void aBoundedSearchRanksTheSameChunksFirst() {
        VectorStoreId store = corpus.store();
        corpus.document(store, Map.of(), sentences(200).toArray(String[]::new));
        var scope = new Scope(corpus.tenant, List.of(store.value()), Predicate.ALWAYS, 100);
        @Nullable Object[] query = LexicalRanking.arguments(scope, "c17 xyzzy zorp");

        var whole = rank(scope, LexicalRanking.sql(scope), query);
        var bounded = rank(scope, LexicalRanking.sql(scope, 1), query);

        assertThat(bounded).hasSize(1);
        assertThat(bounded.getFirst().chunk()).isEqualTo(whole.getFirst().chunk());
        assertThat(bounded.getFirst().score()).isCloseTo(whole.getFirst().score(), within(1e-9));
    }

    private List<Scored> rank(Scope scope, String sql, @Nullable Object[] args) {
        return transactions.inTenant(
                scope.tenant(),
                connection -> Sql.list(
                        connection, sql, row -> new Scored(row.getLong("chunk_id"), row.getDouble("score")), args));
    }

    @Test
    void aWordIsFoundInAnyOfItsForms() {
        VectorStoreId store = corpus.store();
        corpus.document(store, Map.of(), "the engines were running", "nothing of note");

        assertThat(find(store, "run engine", LEXICAL)).hasSize(1);
    }

    @Test
    void manyChunksAreSearchedByTheIndexAlwaysToTheLimit() {
        VectorStoreId store = corpus.store();
        List<String> texts = sentences(1500);
        for (int i = 0; i < 15; i++) {
            corpus.document(
                    store,
                    Map.of("part", i),
                    texts.subList(i * 100, i * 100 + 100).toArray(String[]::new));
        }
        var rare = new Comparison("part", Operator.EQ, 7.0);

        double recall = 0;
        for (String query : texts.subList(0, 20)) {
            var exact = rank(store, null, scope -> connection -> dense.exact(connection, scope, model(), embed(query)));
            var found = rank(
                    store, null, scope -> connection -> dense.approximate(connection, scope, model(), embed(query)));
            assertThat(found).hasSize(10);
            var right = new HashSet<>(exact);
            right.retainAll(new HashSet<>(found));
            recall += right.size() / 10.0 / 20;
            assertThat(rank(store, rare, scope -> connection -> dense.rank(connection, scope, model(), embed(query))))
                    .hasSize(10);
        }
        assertThat(recall).isGreaterThanOrEqualTo(0.95);
    }

    @Test
    void aStoreWithoutAnEmbeddingModelIsSearchedByWordsAndSaysSo() {
        VectorStoreId store = corpus.store();
        corpus.document(store, Map.of(), "apples are red");
        transactions.runInTenant(
                corpus.tenant,
                connection -> Sql.update(
                        connection, "UPDATE vector_stores SET embedding_model = NULL WHERE id = ?", store.value()));

        post(store, Map.of("query", "apples")).body("data", hasSize(1)).body("parley.degraded", equalTo(true));
        as(corpus.key).get("/v1/vector_stores/" + store).then().body("parley.degraded", equalTo(true));
    }

    private interface Ranked {
        List<Scored> by(Connection connection) throws SQLException;
    }

    private List<Long> rank(VectorStoreId store, @Nullable Filter filter, Function<Scope, Ranked> ranking) {
        var scope = new Scope(corpus.tenant, List.of(store.value()), Predicate.of(filter, json), 10);
        return transactions.inTenant(corpus.tenant, connection -> ranking.apply(scope).by(connection).stream()
                .map(Scored::chunk)
                .toList());
    }

    private EmbeddingModelInfo model() {
        return new EmbeddingModelInfo(HashEmbedder.ALIAS, HashEmbedder.DIMENSIONS, 510);
    }

    private static float[] embed(String text) {
        return HashEmbedder.embed(text);
    }

    private List<Hit> find(VectorStoreId store, String query, Ranking ranking) {
        return search.search(corpus.tenant, new SearchQuery(List.of(store), query, 10, null, ranking), Spend.UNMETERED)
                .hits();
    }

    private ValidatableResponse post(VectorStoreId store, Map<String, Object> request) {
        return as(corpus.key)
                .body(request)
                .post("/v1/vector_stores/" + store + "/search")
                .then();
    }

    private void refused(VectorStoreId store, Map<String, Object> request, String param) {
        post(store, request).statusCode(400).body("error.param", equalTo(param));
    }

    /// Made-up words that no stemmer knows, some frequent and some rare.
    private static List<String> sentences(int count) {
        var random = new Random(7);
        List<String> words =
                List.of("zorp", "blik", "quux", "fnord", "grok", "plugh", "xyzzy", "wibbl", "wobbl", "thud");
        return IntStream.range(0, count)
                .mapToObj(i -> "c" + i + " "
                        + IntStream.range(0, 3 + random.nextInt(12))
                                .mapToObj(_ ->
                                        words.get((int) (random.nextDouble() * random.nextDouble() * words.size())))
                                .collect(Collectors.joining(" ")))
                .toList();
    }

    private static Map<String, Integer> terms(String text) {
        return Stream.of(text.split(" ")).collect(Collectors.toMap(word -> word, _ -> 1, Integer::sum));
    }
}
