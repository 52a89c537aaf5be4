package dev.parley.model;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.parley.model.Catalog.ChatEntry;
import io.quarkus.arc.All;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/// Chat models by alias.
@Startup
@ApplicationScoped
public class ChatModels {

    private final Catalog catalog;
    private final Router router;
    private final Speeds speeds;
    private final Guards guards;
    private final SharedBreakers breakers;
    private final Map<String, ChatProvider> providers;
    private final Map<String, ChatProvider.Client> clients = new ConcurrentHashMap<>();

    ChatModels(
            Catalog catalog,
            Router router,
            Speeds speeds,
            Guards guards,
            SharedBreakers breakers,
            @All List<ChatProvider> providers) {
        this.catalog = catalog;
        this.router = router;
        this.speeds = speeds;
        this.guards = guards;
        this.breakers = breakers;
        this.providers = providers.stream().collect(Collectors.toMap(ChatProvider::type, Function.identity()));
        catalog.check(this.providers);
    }

    /// Of a route what holds whichever of its models answers, and what any of them can do.
    ///
    /// @throws dev.parley.problem.Problem (404, `model_not_found`) for an alias that does not exist
    public ChatModelInfo info(String alias) {
        List<ChatEntry> members = catalog.members(alias);
        return new ChatModelInfo(
                alias,
                least(members, ModelsConfig.Chat::contextWindow),
                least(members, ModelsConfig.Chat::maxOutputTokens),
                members.stream()
                        .flatMap(entry -> entry.capabilities().stream())
                        .collect(Collectors.toUnmodifiableSet()));
    }

    private static int least(List<ChatEntry> members, ToIntFunction<ModelsConfig.Chat> limit) {
        return members.stream()
                .mapToInt(entry -> limit.applyAsInt(entry.model()))
                .min()
                .orElseThrow();
    }

    /// Who answers by this alias today; of a route the first one listed.
    ///
    /// @throws dev.parley.problem.Problem (404, `model_not_found`) for an alias that does not exist
    public ModelIdentity identity(String alias) {
        ChatEntry entry = catalog.members(alias).getFirst();
        return new ModelIdentity(
                entry.model().provider(),
                entry.provider().type(),
                entry.provider().baseUrl().orElse(null),
                entry.model().name());
    }

    /// The most that an answer to this request may come to, whichever model of the chain gives it.
    ///
    /// @param more estimated tokens that will be put into its prompt besides
    /// @throws dev.parley.problem.Problem (404) for an unknown alias, (400) for what the model cannot do
    public Bound bound(String alias, ChatRequest request, long more) {
        breakers.renewSoon();
        long input = PromptTokens.atMost(request) + PromptTokens.atMost(more);
        return router.chain(alias, request).stream()
                .map(entry -> bound(entry, input, entry.outputTokens(request)))
                .reduce(Bound.NOTHING, Bound::atLeast);
    }

    private static Bound bound(ChatEntry entry, long inputTokens, long outputTokens) {
        long micros = Price.of(entry.model().price())
                .map(price -> price.atMost(inputTokens, outputTokens))
                .orElse(0L);
        return new Bound(micros, inputTokens + outputTokens);
    }

    /// Waits for the whole answer, retrying and falling back as the catalog says.
    ///
    /// @throws dev.parley.problem.Problem (400) when the request asks for what the model cannot do, before any call
    /// @throws ModelFailure when no model of the chain answered
    public Generation generate(String alias, ChatRequest request, Spend spend) {
        return run(alias, new ChatCall.Whole(request), spend);
    }

    /// Streams the answer to the listener on the calling thread or another, one event at a time, and returns
    /// when it is complete. Retries and falls back only before the first event. What the listener throws ends
    /// the stream, closes the provider's connection and is thrown on.
    ///
    /// @throws ModelFailure when no model answered, or the answer broke off after its first event
    public Generation stream(String alias, ChatRequest request, GenerationListener listener, Spend spend) {
        return run(alias, new ChatCall.Streamed(request, listener), spend);
    }

    private Generation run(String alias, ChatCall call, Spend spend) {
        var attempts = new Attempts();
        ProviderError last = new ProviderError.LeftAlone();
        List<ChatEntry> chain = router.chain(alias, call.request());
        for (ChatEntry entry : chain) {
            try {
                Generation generation = attempt(entry, call, attempts, spend);
                return entry == chain.getFirst() ? generation : generation.asFallback();
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

    private Generation attempt(ChatEntry entry, ChatCall call, Attempts attempts, Spend spend) {
        Guarded model = guards.of(entry.model().provider(), entry.model().name(), entry.provider());
        ChatCall.Answer answer = model.call(
                spend,
                () -> paid(
                        entry,
                        call,
                        spend,
                        () -> attempts.record(entry.alias(), entry.model().provider(), () -> ask(entry, call))),
                ChatCall.Answer.class);
        Generation generation = new Settlement(entry, call.request(), answer, attempts.list()).generation();
        spend.end(Paid.of(generation));
        speeds.answered(entry.key(), generation.timeToFirstToken());
        return generation;
    }

    /// A call that fails is accounted for here: what had been generated is paid, and the prompt of a call that was
    /// cut before it was heard of.
    private static ChatCall.Answer paid(
            ChatEntry entry, ChatCall call, Spend spend, Supplier<ChatCall.Answer> attempt) {
        ChatRequest request = call.request();
        spend.begin(entry.alias(), bound(entry, PromptTokens.atMost(request), entry.outputTokens(request)));
        try {
            return attempt.get();
        } catch (RuntimeException | Error failure) {
            if (call.isBegun() || failure instanceof ProviderFailure provider && provider.isCut()) {
                spend.end(Settlement.brokenOff(entry, request, call.generated()));
            } else {
                spend.endUnpaid();
            }
            throw failure;
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
            ChatProvider provider =
                    Objects.requireNonNull(providers.get(entry.provider().type()));
            return provider.open(ChatModelSettings.of(entry.model()), entry.settings());
        });
    }
}
