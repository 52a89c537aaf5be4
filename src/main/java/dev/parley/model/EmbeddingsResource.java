package dev.parley.model;

import dev.parley.identity.Scopes;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `/v1/embeddings`, as OpenAI has it.
@Path("/v1/embeddings")
@RolesAllowed(Scopes.CHAT)
@RunOnVirtualThread
class EmbeddingsResource {

    private static final int MAX_BYTES_PER_CHAR = 3;

    private final EmbeddingModels models;
    private final Catalog catalog;

    EmbeddingsResource(EmbeddingModels models, Catalog catalog) {
        this.models = models;
        this.catalog = catalog;
    }

    @POST
    public EmbeddingsAnswer create(@Nullable EmbeddingsRequest request) {
        if (request == null) {
            throw Problem.missing("model");
        }
        String alias = request.requiredModel();
        ModelsConfig.Embedding model = catalog.embedding(alias).model();
        List<String> texts = request.texts();
        boolean base64 = request.isBase64();
        checkDimensions(request.dimensions(), model);
        checkLengths(alias, texts, model.maxInputTokens());
        return EmbeddingsAnswer.of(alias, models.embed(alias, texts, request.dimensions(), Spend.UNMETERED), base64);
    }

    private static void checkDimensions(@Nullable Integer dimensions, ModelsConfig.Embedding model) {
        if (dimensions == null) {
            return;
        }
        if (!model.supportsDimensions() && dimensions != model.dimensions()) {
            throw Problem.unsupported(
                    "dimensions", "This model has vectors of %d dimensions only.".formatted(model.dimensions()));
        }
        if (dimensions < 1 || dimensions > model.dimensions()) {
            throw Problem.invalid("dimensions", "'dimensions' must be between 1 and %d.".formatted(model.dimensions()));
        }
    }

    /// A text that is too long is refused: models would cut it or average its parts, and nobody would notice.
    private void checkLengths(String alias, List<String> texts, int maxTokens) {
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            // No tokenizer makes more tokens than a text has bytes: short texts need no counting.
            int tokens = text.length() * MAX_BYTES_PER_CHAR <= maxTokens ? 0 : models.countTokens(alias, text);
            if (tokens > maxTokens) {
                throw Problem.of(
                        ProblemKind.INVALID_REQUEST,
                        "context_length_exceeded",
                        "Input %d has %d tokens; this model takes at most %d.".formatted(i, tokens, maxTokens));
            }
        }
    }
}
