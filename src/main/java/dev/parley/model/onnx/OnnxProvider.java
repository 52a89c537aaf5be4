package dev.parley.model.onnx;

import dev.parley.model.EmbeddingProvider;
import dev.parley.model.ProviderSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Opens the embedding model that runs in this process.
@ApplicationScoped
class OnnxProvider implements EmbeddingProvider {

    private static final String NAME = "bge-small-en-v1.5";

    @Override
    public String type() {
        return "onnx";
    }

    @Override
    public EmbeddingProvider.Client open(String modelName, ProviderSettings provider) {
        if (!modelName.equals(NAME)) {
            throw new IllegalStateException("There is one embedded model, '%s'; not '%s'".formatted(NAME, modelName));
        }
        return new Client(new OnnxEmbeddingModel());
    }

    private record Client(OnnxEmbeddingModel model) implements EmbeddingProvider.Client {

        @Override
        public Vectors embed(List<String> texts, @Nullable Integer dimensions) {
            List<OnnxEmbeddingModel.Embedded> embedded = model.embed(texts);
            return new Vectors(
                    embedded.stream().map(OnnxEmbeddingModel.Embedded::vector).toList(),
                    embedded.stream()
                            .mapToInt(OnnxEmbeddingModel.Embedded::tokens)
                            .sum());
        }

        @Override
        public int countTokens(String text) {
            return model.countTokens(text);
        }
    }
}
