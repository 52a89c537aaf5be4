package dev.parley.knowledge;

import dev.parley.knowledge.Fusion.Weighted;
import dev.parley.model.Spend;
import dev.parley.postgres.Json;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Finds the chunks that answer a query.
@ApplicationScoped
public class Search {

    /// Of a longer text the rest is not searched for: no question is that long, and every word costs a lookup.
    private static final int MAX_QUERY_LENGTH = 8192;

    /// Plans are made for the stores that are searched; compiling one would take longer than running it; candidates
    /// are counted up in memory; a search that takes longer than anyone waits is broken off. Answers with the files
    /// that have expired and are not deleted yet, mostly none, in the same round trip.
    static final String BEGIN = """
            SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('jit', 'off', true),
                   set_config('work_mem', '32MB', true), set_config('statement_timeout', '10000', true),
                   ARRAY(SELECT f.id FROM files f
                          WHERE f.tenant_id = ? AND f.expires_at <= ?
                            AND EXISTS (SELECT FROM vector_store_files a
                                         WHERE a.tenant_id = f.tenant_id AND a.file_id = f.id
                                           AND a.vector_store_id = ANY (?))) AS expired
            """;

    private final Transactions transactions;
    private final SearchedStores stores;
    private final QueryEmbedding embedding;
    private final DenseRanking dense;
    private final LexicalRanking lexical;
    private final Hits hits;
    private final KnowledgeConfig config;
    private final Json json;
    private final Clock clock;

    Search(
            Transactions transactions,
            SearchedStores stores,
            QueryEmbedding embedding,
            DenseRanking dense,
            LexicalRanking lexical,
            Hits hits,
            KnowledgeConfig config,
            Json json,
            Clock clock) {
        this.transactions = transactions;
        this.stores = stores;
        this.embedding = embedding;
        this.dense = dense;
        this.lexical = lexical;
        this.hits = hits;
        this.config = config;
        this.json = json;
        this.clock = clock;
    }

    /// The best chunks, best first. Embeds the query before any connection is taken.
    ///
    /// @param spend pays for embedding it
    /// @throws Problem (404) for a store that is not this tenant's, (400) for one that has expired
    public SearchResult search(TenantId tenant, SearchQuery query, Spend spend) {
        List<SearchedStore> searched = stores.get(tenant, query.vectorStores());
        String text = searchable(query.text());
        var embedded = query.ranking().embeddingWeight() > 0
                ? embedding.embed(searched, text, spend)
                : new QueryEmbedding.Embedded(List.of(), false);
        return new SearchResult(find(tenant, searched, new Question(query, text, embedded)), embedded.degraded());
    }

    private static String searchable(String text) {
        String storable = ChunkText.storable(text);
        return storable.substring(0, Math.min(storable.length(), MAX_QUERY_LENGTH));
    }

    /// What is asked, in words and in vectors.
    record Question(SearchQuery query, String text, QueryEmbedding.Embedded embedded) {

        Ranking ranking() {
            return query.ranking();
        }

        boolean isFused() {
            return !embedded.vectors().isEmpty() && ranking().textWeight() > 0;
        }
    }

    /// The search itself: all that is left to do once the query is embedded.
    List<Hit> find(TenantId tenant, List<SearchedStore> searched, Question question) {
        SearchQuery query = question.query();
        Scope scope = new Scope(
                tenant,
                searched.stream().map(store -> store.id().value()).toList(),
                Predicate.of(query.filter(), json),
                question.isFused() ? Math.max(config.fusionDepth(), query.limit()) : query.limit());
        return transactions.inTenant(tenant, connection -> {
            Scope live = scope.without(begin(connection, scope));
            hits.touch(connection, tenant, searched);
            return hits.load(connection, tenant, best(rank(connection, live, question), query));
        });
    }

    private List<UUID> begin(Connection connection, Scope scope) throws SQLException {
        return Sql.first(
                        connection,
                        BEGIN,
                        row -> List.of((UUID[]) row.getArray("expired").getArray()),
                        scope.tenant(),
                        clock.instant(),
                        scope.stores())
                .orElseThrow();
    }

    private List<Scored> rank(Connection connection, Scope scope, Question question) throws SQLException {
        var byVector = new ArrayList<List<Scored>>();
        for (var embedded : question.embedded().vectors()) {
            byVector.add(dense.rank(connection, scope.within(embedded.stores()), embedded.model(), embedded.vector()));
        }
        if (!byVector.isEmpty() && question.ranking().textWeight() == 0) {
            return Fusion.merge(byVector);
        }
        List<Scored> byWords = lexical.rank(connection, scope, question.text());
        return byVector.isEmpty() ? byWords : fuse(byVector, byWords, question.ranking());
    }

    private static List<Scored> fuse(List<List<Scored>> byVector, List<Scored> byWords, Ranking ranking) {
        var rankings = new ArrayList<Weighted>();
        byVector.forEach(one -> rankings.add(new Weighted(one, ranking.embeddingWeight())));
        rankings.add(new Weighted(byWords, ranking.textWeight()));
        return Fusion.fuse(rankings, ranking.embeddingWeight() + ranking.textWeight());
    }

    private static List<Scored> best(List<Scored> ranked, SearchQuery query) {
        return ranked.stream()
                .filter(scored -> scored.score() >= query.ranking().scoreThreshold())
                .limit(query.limit())
                .toList();
    }
}
