package dev.parley.model.gemini;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.parley.model.ApproximateTokens;
import dev.parley.model.EmbeddingProvider;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A Gemini embedding model. LangChain4j fixes the dimensions of a model object, so there is one for each asked for.
/// Tokens are an estimate: Google's tokenizer is not public.
final class GeminiEmbeddings implements EmbeddingProvider.Client {

    private static final int ALL = 0;

    private final Function<@Nullable Integer, EmbeddingModel> open;
    private final Map<Integer, EmbeddingModel> byDimensions = new ConcurrentHashMap<>();

    /// @param open makes a model with that many dimensions; all its own for null
    GeminiEmbeddings(Function<@Nullable Integer, EmbeddingModel> open) {
        this.open = open;
    }

    @Override
    public EmbeddingProvider.Vectors embed(List<String> texts, @Nullable Integer dimensions) {
        EmbeddingModel model =
                byDimensions.computeIfAbsent(dimensions == null ? ALL : dimensions, key -> open.apply(dimensions));
        var answer = model.embedAll(texts.stream().map(TextSegment::from).toList());
        return new EmbeddingProvider.Vectors(
                answer.content().stream().map(Embedding::vector).toList(), null);
    }

    @Override
    public int countTokens(String text) {
        return ApproximateTokens.count(text);
    }
}
