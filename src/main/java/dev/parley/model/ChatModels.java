package dev.parley.model;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.parley.model.Catalog.ChatEntry;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;

/// Chat models by alias.
@ApplicationScoped
public class ChatModels {

    private final Catalog catalog;
    private final Guards guards;
    private final Map<String, ChatProvider> providers;
    private final Map<String, ChatProvider.Client> clients = new ConcurrentHashMap<>();

    ChatModels(Catalog catalog, Guards guards, @All List<ChatProvider> providers) {
        this.catalog = catalog;
        this.guards = guards;
        this.providers = providers.stream().collect(Collectors.toMap(ChatProvider::type, Function.identity()));
    }

    /// @throws dev.parley.problem.Problem (404, `model_not_found`) for an alias that does not exist
    public ChatModelInfo info(String alias) {
        ChatEntry entry = catalog.chat(alias);
        ModelsConfig.Chat model = entry.model();
        return new ChatModelInfo(alias, model.contextWindow(), model.maxOutputTokens(), entry.capabilities());
    }

    /// Waits for the whole answer, retrying and falling back as the catalog says.
    ///
    /// @throws dev.parley.problem.Problem (400) when the request asks for what the model cannot do, before any call
    /// @throws ModelFailure when no model of the chain answered
    public Generation generate(String alias, ChatRequest request) {
        return run(alias, request, new ChatCall.Whole(request));
    }

    /// Streams the answer to the listener on the calling thread or another, one event at a time, and returns when it
    /// is complete. Retries and falls back only before the first event. What the listener throws ends the stream,
    // closes
    /// the provider's connection and is thrown on.
    ///
    /// @throws ModelFailure when no model answered, or the answer broke off after its first event
    public Generation stream(String alias, ChatRequest request, GenerationListener listener) {
        return run(alias, request, new ChatCall.Streamed(request, listener));
    }

    private Generation run(String alias, ChatRequest request, ChatCall call) {
        var attempts = new Attempts();
        ProviderError last = new ProviderError.LeftAlone();
        for (ChatEntry entry : catalog.chain(alias, Capability.neededFor(request))) {
            try {
                ChatCall.Answer answer = attempt(entry, call, attempts);
                return new Settlement(entry, request, answer, attempts.list()).generation();
            } catch (ListenerFailure failure) {
                throw failure.unwrap();
            } catch (ProviderFailure failure) {
                last = failure.error();
            }
            if (call.isBegun()) {
                throw ModelFailure.interrupted(last, entry.alias(), attempts.list(), call.partialText());
            }
            if (!last.allowsFallback()) {
                throw ModelFailure.of(last, entry.alias(), attempts.list());
            }
        }
        throw ModelFailure.of(last, alias, attempts.list());
    }

    private ChatCall.Answer attempt(ChatEntry entry, ChatCall call, Attempts attempts) {
        var guard = guards.of(entry.model().provider(), entry.model().name(), entry.provider());
        try {
            return guard.get(
                    () -> attempts.record(entry.alias(), entry.model().provider(), () -> ask(entry, call)),
                    ChatCall.Answer.class);
        } catch (CircuitBreakerOpenException open) {
            throw new ProviderFailure(new ProviderError.LeftAlone(), open);
        }
    }

    private ChatCall.Answer ask(ChatEntry entry, ChatCall call) {
        try {
            return call.ask(client(entry), entry.provider().timeout().plusSeconds(1));
        } catch (ProviderFailure failure) {
            if (call.isBegun()) {
                throw failure.afterFirstEvent();
            }
            throw failure;
        }
    }

    private ChatProvider.Client client(ChatEntry entry) {
        return clients.computeIfAbsent(entry.alias(), alias -> {
            ChatProvider provider = providers.get(entry.provider().type());
            if (provider == null) {
                throw new IllegalStateException("No chat models of type '%s'; there are %s"
                        .formatted(entry.provider().type(), providers.keySet()));
            }
            return provider.open(entry.model().name(), entry.settings());
        });
    }
}
