package dev.parley.chat.responses;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.JsonField;
import dev.parley.chat.Applicant;
import dev.parley.chat.ChatConfig;
import dev.parley.chat.History;
import dev.parley.chat.Reception;
import dev.parley.chat.Stage;
import dev.parley.chat.request.PromptExpansion;
import dev.parley.idempotency.IdempotencyKey;
import dev.parley.identity.Caller;
import dev.parley.postgres.Ids;
import dev.parley.postgres.Json;
import dev.parley.tool.StoredCall;
import dev.parley.tool.ToolCalls;
import dev.parley.usage.TurnKind;
import dev.parley.usage.Verdict;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Reads requests for responses and has them admitted.
@ApplicationScoped
class ResponseReception {

    private final Reception reception;
    private final PromptExpansion prompts;
    private final ResponseReferences references;
    private final ResponseChain chain;
    private final ToolCalls calls;
    private final ResponseReader reader;
    private final Json json;

    ResponseReception(
            Reception reception,
            PromptExpansion prompts,
            ResponseReferences references,
            ResponseChain chain,
            ToolCalls calls,
            ChatConfig config,
            Json json) {
        this.reception = reception;
        this.prompts = prompts;
        this.references = references;
        this.chain = chain;
        this.calls = calls;
        this.reader = new ResponseReader(config);
        this.json = json;
    }

    /// A request that was admitted, or was so before.
    ///
    /// @param id the first one's for a repeated request
    record Received(ResponseId id, ResponseRequest request, Verdict verdict, Stage.Show show) {}

    Received receive(Caller caller, byte[] body, @Nullable IdempotencyKey key) throws IOException {
        UUID id = Ids.next();
        JsonNode named = prompts.expand(new ResponsePromptForm(caller), caller.tenant(), id, json.body(body));
        JsonNode tree = references.resolve(caller.tenant(), named);
        ResponseRequest request = reader.read(JsonField.root(tree));
        if (request.echo().background() && request.turn().history() instanceof History.OfChain chained) {
            // Nobody is there any more to be told when a worker finds out.
            chain.check(caller.tenant(), chained.last());
        }
        var applicant = new Applicant(
                id,
                TurnKind.RESPONSE,
                caller,
                reception.prepare(caller, request.turn()),
                key,
                new Applicant.Keeping(
                        request.echo().background(),
                        request.echo().store(),
                        request.echo().store() ? json.writeBytes(tree) : null));
        return received(applicant, request, reception.admit(applicant));
    }

    /// A request that was admitted before and cannot be read any more.
    record Former(ResponseId id, ResponseReader.Outline outline, Stage.Repeat repeat) {}

    Former former(Caller caller, byte[] body, UUID first) throws IOException {
        var id = new ResponseId(first);
        var outline = ResponseReader.Outline.of(JsonField.root(json.body(body)));
        var endings = ResponseEndings.ofOwner(id, outline.echo(), json, effects(caller, id));
        return new Former(id, outline, new Stage.Repeat(caller.tenant(), first, endings, outline.stream()));
    }

    private Received received(Applicant applicant, ResponseRequest request, Verdict verdict) {
        var id = new ResponseId(
                switch (verdict) {
                    case Verdict.Admitted _ -> applicant.id();
                    case Verdict.Repeated repeated -> repeated.turn();
                });
        var show = new Stage.Show(
                applicant,
                new ResponseFace(id, request, json),
                ResponseEndings.ofOwner(id, request.echo(), json, effects(applicant.caller(), id)),
                request.stream());
        return new Received(id, request, verdict, show);
    }

    private Supplier<List<StoredCall>> effects(Caller caller, ResponseId id) {
        return () -> calls.knownEffectsOfTurn(caller.tenant(), id.turn());
    }
}
