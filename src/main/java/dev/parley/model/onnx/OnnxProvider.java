package dev.parley.model.onnx;

import dev.parley.model.EmbeddingProvider;
import dev.parley.model.ProviderSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The embedding model that runs in this process. Its weights load with the first text.
@ApplicationScoped
class OnnxProvider implements EmbeddingProvider, EmbeddingProvider.Client {

    private static final class Lazy {
        private static final BgeSmall MODEL = new BgeSmall();
    }

    @Override
    public String type() {
        return "onnx";
    }

    @Override
    public Client open(String modelName, ProviderSettings provider) {
        if (!modelName.equals(BgeSmall.NAME)) {
            throw new IllegalStateException(
                    "There is one embedded model, '%s'; not '%s'".formatted(BgeSmall.NAME, modelName));
        }
        return this;
    }

    @Override
    public Vectors embed(List<String> texts, @Nullable Integer dimensions) {
        return Lazy.MODEL.embed(texts);
    }

    @Override
    public int countTokens(String text) {
        return Lazy.MODEL.countTokens(text);
    }
}
