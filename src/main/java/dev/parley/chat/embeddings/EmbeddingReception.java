package dev.parley.chat.embeddings;

import dev.parley.idempotency.IdempotencyKey;
import dev.parley.identity.Caller;
import dev.parley.model.EmbeddingModelInfo;
import dev.parley.model.EmbeddingModels;
import dev.parley.postgres.Ids;
import dev.parley.postgres.Json;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import dev.parley.usage.Admission;
import dev.parley.usage.Admissions;
import dev.parley.usage.Payer;
import dev.parley.usage.TurnKind;
import dev.parley.usage.Verdict;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads requests for vectors and has them admitted.
@ApplicationScoped
class EmbeddingReception {

    private static final int MAX_BYTES_PER_CHAR = 3;

    private final EmbeddingModels models;
    private final Admissions admissions;
    private final Json json;

    EmbeddingReception(EmbeddingModels models, Admissions admissions, Json json) {
        this.models = models;
        this.admissions = admissions;
        this.json = json;
    }

    /// A request that was admitted, or was so before.
    record Received(EmbeddingsRequest request, Verdict verdict) {}

    Received receive(Caller caller, byte[] body, @Nullable IdempotencyKey key) throws IOException {
        EmbeddingsRequest request = json.body(body, EmbeddingsRequest.class);
        check(request);
        return new Received(
                request,
                admissions.admit(new Admission(
                        Ids.next(),
                        TurnKind.EMBEDDING,
                        Payer.of(caller, request.user()),
                        request.requiredModel(),
                        models.bound(request.requiredModel(), request.texts()),
                        key,
                        Admission.Thread.NONE)));
    }

    /// What cannot be embedded is refused before anything is reserved.
    private void check(EmbeddingsRequest request) {
        EmbeddingModelInfo model = models.info(request.requiredModel());
        List<String> texts = request.texts();
        request.asBase64();
        checkDimensions(request.dimensions(), model);
        checkLengths(model.alias(), texts, model.maxInputTokens());
    }

    private void checkDimensions(@Nullable Integer dimensions, EmbeddingModelInfo model) {
        if (dimensions == null) {
            return;
        }
        if (!models.supportsDimensions(model.alias()) && dimensions != model.dimensions()) {
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
