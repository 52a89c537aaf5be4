package dev.parley.chat;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.parley.conversation.Memory;
import dev.parley.identity.Caller;
import dev.parley.identity.Scopes;
import dev.parley.model.Bound;
import dev.parley.model.ChatModelInfo;
import dev.parley.model.ChatModels;
import dev.parley.postgres.ContentCodec;
import dev.parley.postgres.TenantId;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import dev.parley.tool.ToolCalls;
import dev.parley.tool.ToolInfo;
import dev.parley.tool.Toolbox;
import dev.parley.tool.Tools;
import dev.parley.usage.Admission;
import dev.parley.usage.Admissions;
import dev.parley.usage.Payer;
import dev.parley.usage.Verdict;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Admits requests: what a model cannot do is refused before anything is reserved, and what is reserved is the most
/// the turn may come to.
@ApplicationScoped
public class Reception {

    /// An output limit that nobody asked for leaves most of a model's window to the prompt.
    private static final int WINDOW_SHARE = 4;

    private final Admissions admissions;
    private final ChatModels models;
    private final ChatConfig config;
    private final Memory memory;
    private final ContentCodec codec;
    private final Toolbox toolbox;
    private final ToolCalls calls;

    Reception(
            Admissions admissions,
            ChatModels models,
            ChatConfig config,
            Memory memory,
            ContentCodec codec,
            Toolbox toolbox,
            ToolCalls calls) {
        this.admissions = admissions;
        this.models = models;
        this.config = config;
        this.memory = memory;
        this.codec = codec;
        this.toolbox = toolbox;
        this.calls = calls;
    }

    /// The request with the output limit that is always sent, and with the tools that it names. What it decides about
    /// calls that wait is decided, whatever becomes of the request.
    ///
    /// @throws dev.parley.problem.Problem (404, `model_not_found`, `tool_not_found`), (403) for what the caller may
    /// not
    public TurnRequest prepare(Caller caller, TurnRequest request) {
        decide(caller, request.tools());
        return limited(offered(request, toolbox.open(caller, request.tools().selection(), "tools")));
    }

    /// The same of a request whose caller was admitted before.
    public TurnRequest prepare(TenantId tenant, TurnRequest request) {
        return limited(offered(request, toolbox.reopen(tenant, request.tools().selection())));
    }

    private void decide(Caller caller, ServerTools tools) {
        if (!tools.decisions().isEmpty()) {
            if (!caller.scopes().contains(Scopes.APPROVALS)) {
                throw Problem.of(
                        ProblemKind.FORBIDDEN,
                        "insufficient_scope",
                        "Approving or denying a call needs the scope %s.".formatted(Scopes.APPROVALS));
            }
            calls.decide(caller.tenant(), caller.keyId(), tools.decisions());
        }
    }

    private static TurnRequest offered(TurnRequest request, Tools tools) {
        if (tools.isEmpty()) {
            return request;
        }
        for (ToolSpecification function : request.parameters().toolSpecifications()) {
            if (tools.has(function.name())) {
                throw Problem.invalid(
                        "tools", "The function '%s' has the name of a tool that is used.".formatted(function.name()));
            }
        }
        List<ToolSpecification> more =
                tools.infos().stream().map(ToolInfo::specification).toList();
        return request.with(request.parameters().withTools(more))
                .with(request.tools().open(tools));
    }

    private TurnRequest limited(TurnRequest request) {
        if (request.parameters().maxOutputTokens() != null) {
            return request;
        }
        ChatModelInfo model = models.info(request.model());
        int limit = Math.min(
                config.answerTokens(), Math.min(model.maxOutputTokens(), model.contextWindow() / WINDOW_SHARE));
        return request.with(request.parameters().withMaxOutputTokens(limit));
    }

    /// @throws dev.parley.problem.Problem when it is not admitted: see [Admissions#admit]
    public Verdict admit(Applicant applicant) {
        TurnRequest request = applicant.request();
        return admissions.admit(new Admission(
                applicant.id(),
                applicant.kind(),
                Payer.of(applicant.caller(), request.parameters().user()),
                request.model(),
                bound(request),
                applicant.key(),
                thread(applicant)));
    }

    private Bound bound(TurnRequest request) {
        ChatRequest prompt = ChatRequest.builder()
                .messages(prompt(request))
                .parameters(request.parameters())
                .build();
        long more = config.promptOverhead();
        if (request.retrieval() != null) {
            more += config.passageTokens();
        }
        if (request.history() != null) {
            more += memory.mostTokens(request.history().tokens());
        }
        return models.bound(request.model(), prompt, more);
    }

    /// A request may have nothing new to say, and only go on.
    private static List<ChatMessage> prompt(TurnRequest request) {
        List<ChatMessage> own = request.messages().isEmpty() ? List.of(UserMessage.from("…")) : request.messages();
        return Stream.concat(request.examples().stream(), own.stream()).toList();
    }

    private Admission.Thread thread(Applicant applicant) {
        TurnRequest request = applicant.request();
        Applicant.Keeping keeping = applicant.keeping();
        return new Admission.Thread(
                request.conversation() == null ? null : request.conversation().value(),
                request.history() instanceof History.OfChain of ? of.last() : null,
                keeping.background(),
                keeping.stored(),
                encoded(applicant));
    }

    private byte @Nullable [] encoded(Applicant applicant) {
        byte[] body = applicant.keeping().body();
        return body == null
                ? null
                : codec.encode(applicant.caller().tenant(), new String(body, StandardCharsets.UTF_8));
    }
}
