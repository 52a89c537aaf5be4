package dev.parley.model.openai;

import dev.langchain4j.model.openai.internal.OpenAiClient;
import dev.langchain4j.model.openai.internal.embedding.Embedding;
import dev.langchain4j.model.openai.internal.embedding.EmbeddingRequest;
import dev.langchain4j.model.openai.internal.embedding.EmbeddingResponse;
import dev.parley.model.ApproximateTokens;
import dev.parley.model.EmbeddingProvider;
import dev.parley.model.ProviderError;
import dev.parley.model.ProviderFailure;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An embedding model behind OpenAI's protocol. Tokens are counted as OpenAI's models do.
record OpenAiEmbeddings(OpenAiClient client, String modelName) implements EmbeddingProvider.Client {

    @Override
    public EmbeddingProvider.Vectors embed(List<String> texts, @Nullable Integer dimensions) {
        var request = EmbeddingRequest.builder().model(modelName).input(texts);
        if (dimensions != null) {
            request.dimensions(dimensions);
        }
        EmbeddingResponse answer = client.embedding(request.build()).execute();
        if (answer == null || answer.data() == null || answer.data().size() != texts.size()) {
            throw new ProviderFailure(new ProviderError.Malformed());
        }
        List<float[]> vectors = answer.data().stream()
                .sorted(Comparator.comparing(Embedding::index))
                .map(embedding -> floats(embedding.embedding()))
                .toList();
        return new EmbeddingProvider.Vectors(
                vectors, answer.usage() == null ? null : answer.usage().totalTokens());
    }

    @Override
    public int countTokens(String text) {
        return ApproximateTokens.countForEmbedding(text);
    }

    private static float[] floats(List<Float> values) {
        var floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i);
        }
        return floats;
    }
}
