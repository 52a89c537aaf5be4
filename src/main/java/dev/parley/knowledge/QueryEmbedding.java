package dev.parley.knowledge;

import dev.parley.invocation.Deadline;
import dev.parley.model.EmbeddingModelInfo;
import dev.parley.model.EmbeddingModels;
import dev.parley.model.ModelFailure;
import dev.parley.model.Spend;
import dev.parley.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jboss.logging.Logger;

/// Embeds a query, once for each embedding model of the stores that are searched.
@ApplicationScoped
class QueryEmbedding {

    private static final Logger LOG = Logger.getLogger(QueryEmbedding.class);

    private final EmbeddingModels models;

    QueryEmbedding(EmbeddingModels models) {
        this.models = models;
    }

    /// @param stores those whose chunks have vectors of this model
    record Vector(EmbeddingModelInfo model, float[] vector, List<UUID> stores) {}

    /// @param degraded true when a store cannot be searched by vector now
    record Embedded(List<Vector> vectors, boolean degraded) {}

    /// A model that fails does not fail the search: its stores are searched by BM25 alone.
    ///
    /// @throws ModelFailure only when whoever searches had to end
    Embedded embed(List<SearchedStore> stores, String query, Spend spend) {
        var byModel = new TreeMap<String, List<UUID>>();
        boolean degraded = false;
        for (SearchedStore store : stores) {
            if (store.embeddingModel() == null) {
                degraded = true;
            } else {
                byModel.computeIfAbsent(store.embeddingModel(), _ -> new ArrayList<>())
                        .add(store.id().value());
            }
        }
        var vectors = new ArrayList<Vector>();
        for (var entry : byModel.entrySet()) {
            vector(entry.getKey(), query, spend, entry.getValue()).ifPresent(vectors::add);
        }
        return new Embedded(vectors, degraded || vectors.size() < byModel.size());
    }

    private Optional<Vector> vector(String model, String query, Spend spend, List<UUID> stores) {
        try {
            return Optional.of(new Vector(models.info(model), models.embedQuery(model, query, spend), stores));
        } catch (Problem failure) {
            if (isCut(failure)) {
                throw failure;
            }
            LOG.warnf("Searching without embedding model %s: %s", model, failure.getMessage());
            return Optional.empty();
        }
    }

    /// Whoever asks does not wait any longer.
    private static boolean isCut(Problem failure) {
        return failure.code().equals(Deadline.REACHED) || failure instanceof ModelFailure call && call.isStopped();
    }
}
