package dev.parley.chat.completions;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.JsonField;
import dev.parley.chat.Applicant;
import dev.parley.chat.ChatConfig;
import dev.parley.chat.Reception;
import dev.parley.chat.ServerSteps;
import dev.parley.chat.Stage;
import dev.parley.chat.TurnRequest;
import dev.parley.chat.request.PromptExpansion;
import dev.parley.idempotency.IdempotencyKey;
import dev.parley.identity.Caller;
import dev.parley.postgres.Ids;
import dev.parley.postgres.Json;
import dev.parley.postgres.TenantId;
import dev.parley.tool.ToolCalls;
import dev.parley.usage.TurnKind;
import dev.parley.usage.Verdict;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Reads requests for chat completions and has them admitted.
@ApplicationScoped
class CompletionReception {

    private final Reception reception;
    private final ServerSteps steps;
    private final ToolCalls calls;
    private final PromptExpansion prompts;
    private final CompletionReader reader;
    private final Json json;
    private final Clock clock;

    CompletionReception(
            Reception reception,
            PromptExpansion prompts,
            ServerSteps steps,
            ToolCalls calls,
            ChatConfig config,
            Json json,
            Clock clock) {
        this.reception = reception;
        this.prompts = prompts;
        this.steps = steps;
        this.calls = calls;
        this.reader = new CompletionReader(config);
        this.json = json;
        this.clock = clock;
    }

    /// A request that was admitted, or was so before.
    record Received(Verdict verdict, Stage.Show show) {}

    Received receive(Caller caller, byte[] body, @Nullable IdempotencyKey key) throws IOException {
        UUID id = Ids.next();
        JsonNode tree = prompts.expand(new CompletionPromptForm(caller), caller.tenant(), id, json.body(body));
        CompletionRequest request = reader.read(JsonField.root(tree));
        TurnRequest turn = steps.restored(caller.tenant(), request.turn());
        var applicant = new Applicant(
                id, TurnKind.CHAT_COMPLETION, caller, reception.prepare(caller, turn), key, Applicant.Keeping.NOTHING);
        Verdict verdict = reception.admit(applicant);
        var head = CompletionHead.of(applicant.id(), request.turn().model(), clock);
        var face = new CompletionFace(head, request.includeUsage(), json);
        UUID first =
                switch (verdict) {
                    case Verdict.Admitted _ -> id;
                    case Verdict.Repeated repeated -> repeated.turn();
                };
        return new Received(
                verdict, new Stage.Show(applicant, face, endings(caller.tenant(), first), request.stream()));
    }

    private CompletionEndings endings(TenantId tenant, UUID turn) {
        return new CompletionEndings(json, () -> calls.knownEffectsOfTurn(tenant, turn));
    }

    /// How a request is answered that was admitted before and cannot be read any more.
    Stage.Repeat repeat(Caller caller, byte[] body, UUID first) throws IOException {
        boolean streamed = json.body(body).path("stream").asBoolean();
        return new Stage.Repeat(caller.tenant(), first, endings(caller.tenant(), first), streamed);
    }
}
