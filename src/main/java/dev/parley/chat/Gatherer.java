package dev.parley.chat;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.parley.conversation.Folded;
import dev.parley.conversation.Memory;
import dev.parley.conversation.MemoryBudget;
import dev.parley.conversation.Recalled;
import dev.parley.conversation.Remembered;
import dev.parley.model.ChatModelInfo;
import dev.parley.model.ChatModels;
import dev.parley.model.PromptTokens;
import dev.parley.postgres.TenantId;
import dev.parley.problem.Problem;
import dev.parley.tool.TurnCalls;
import dev.parley.usage.TurnSpend;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Gathers what a turn needs before it generates: memory, passages, and the prompt made of them.
@ApplicationScoped
class Gatherer {

    private final ChatModels models;
    private final Memory memory;
    private final Chain chain;
    private final EvidenceSearch evidenceSearch;
    private final PromptComposer composer;
    private final ChatConfig config;

    Gatherer(
            ChatModels models,
            Memory memory,
            Chain chain,
            EvidenceSearch evidenceSearch,
            PromptComposer composer,
            ChatConfig config) {
        this.models = models;
        this.memory = memory;
        this.chain = chain;
        this.evidenceSearch = evidenceSearch;
        this.composer = composer;
        this.config = config;
    }

    /// @param calls makes the calls that the turn resumes
    Draft gather(AdmittedTurn turn, TurnCalls calls, TurnSpend spend) {
        TenantId tenant = turn.asker().tenant();
        TurnRequest request = turn.request();
        ChatModelInfo model = models.info(request.model());
        Recalled recalled = recall(tenant, request, model);
        Continuation continuation = Continuation.of(request, recalled == null ? null : recalled.remembered())
                .resumed(calls, request.messagesAt());
        Folded memory = recalled == null ? null : this.memory.fold(recalled, spend.besides());
        Remembered remembered = memory == null ? null : memory.remembered();
        List<ChatMessage> said = saidSoFar(remembered, continuation);
        int free = model.contextWindow()
                - tokens(request.examples())
                - tokens(said)
                - summaryTokens(remembered)
                - answerTokens(request, model);
        var budget = PassageBudget.of(config.passageTokens(), free);
        Evidence evidence =
                evidenceSearch.find(new EvidenceSearch.Asked(tenant, request.retrieval(), spend), said, budget);
        List<ChatMessage> prompt = composer.compose(request.examples(), continuation, remembered, evidence);
        if (prompt.isEmpty()) {
            throw Problem.invalid(request.messagesAt(), "Expected at least one message: nothing is remembered.");
        }
        return new Draft(
                evidence,
                memory,
                continuation.resumed(),
                continuation.asked(),
                continuation.open(),
                ChatRequest.builder()
                        .messages(prompt)
                        .parameters(request.parameters())
                        .build());
    }

    private @Nullable Recalled recall(TenantId tenant, TurnRequest request, ChatModelInfo model) {
        History history = request.history();
        if (history == null) {
            return null;
        }
        var budget = new MemoryBudget(history.tokens(), model.contextWindow() - reserved(request, model));
        return switch (history) {
            case History.OfConversation of -> memory.recall(tenant, of.conversation(), budget);
            case History.OfChain of -> new Recalled(chain.recall(tenant, of.last(), budget), null);
        };
    }

    /// What of the context window is taken before memory gets the rest.
    private int reserved(TurnRequest request, ChatModelInfo model) {
        return tokens(request.messages())
                + tokens(request.examples())
                + (request.retrieval() == null ? 0 : config.passageTokens())
                + answerTokens(request, model);
    }

    private static int answerTokens(TurnRequest request, ChatModelInfo model) {
        Integer asked = request.parameters().maxOutputTokens();
        return asked == null ? model.maxOutputTokens() : Math.min(asked, model.maxOutputTokens());
    }

    private static int summaryTokens(@Nullable Remembered remembered) {
        return remembered == null || remembered.summary() == null
                ? 0
                : remembered.summary().tokens();
    }

    private static int tokens(List<ChatMessage> messages) {
        return messages.stream().mapToInt(PromptTokens::estimate).sum();
    }

    private static List<ChatMessage> saidSoFar(@Nullable Remembered remembered, Continuation continuation) {
        var said = new ArrayList<ChatMessage>();
        if (remembered != null) {
            said.addAll(remembered.messages());
        }
        said.addAll(continuation.said());
        return said;
    }
}
