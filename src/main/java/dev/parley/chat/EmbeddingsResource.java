package dev.parley.chat;

import dev.parley.idempotency.IdempotencyKey;
import dev.parley.identity.Caller;
import dev.parley.identity.Callers;
import dev.parley.identity.Scopes;
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
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `/v1/embeddings`, as OpenAI has it.
@Path("/v1/embeddings")
@RolesAllowed(Scopes.CHAT)
@RunOnVirtualThread
class EmbeddingsResource {

    private static final int MAX_BYTES_PER_CHAR = 3;

    private final EmbeddingModels models;
    private final Admissions admissions;
    private final EmbeddingTurn turn;
    private final Replays replays;
    private final Callers callers;
    private final ChatConfig config;
    private final Json json;

    EmbeddingsResource(
            EmbeddingModels models,
            Admissions admissions,
            EmbeddingTurn turn,
            Replays replays,
            Callers callers,
            ChatConfig config,
            Json json) {
        this.models = models;
        this.admissions = admissions;
        this.turn = turn;
        this.replays = replays;
        this.callers = callers;
        this.config = config;
        this.json = json;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(InputStream body, @HeaderParam(IdempotencyKey.HEADER) @Nullable String header)
            throws IOException, InterruptedException {
        byte[] bytes = RequestBody.read(body, config.maxBodyBytes());
        EmbeddingsRequest request = json.body(bytes, EmbeddingsRequest.class);
        check(request);
        Caller caller = callers.current();
        IdempotencyKey key = IdempotencyKey.of(header, "POST /v1/embeddings", bytes);
        Verdict verdict = admissions.admit(new Admission(
                Ids.next(),
                TurnKind.EMBEDDING,
                Payer.of(caller, request.user()),
                request.requiredModel(),
                models.bound(request.requiredModel(), request.texts()),
                key,
                Admission.Thread.NONE));
        return switch (verdict) {
            case Verdict.Admitted admitted ->
                Answers.of(turn.run(admitted.ticket(), request, key != null), admitted.rates());
            case Verdict.Repeated repeated -> Answers.repeated(replays.outcome(caller.tenant(), repeated.turn()));
        };
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
