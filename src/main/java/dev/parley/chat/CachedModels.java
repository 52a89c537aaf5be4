package dev.parley.chat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.parley.model.ChatModels;
import dev.parley.model.Generation;
import dev.parley.model.Refusal;
import dev.parley.postgres.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Answers from the cache where a turn asks for that, else from the model. A turn that may call tools is never cached:
/// what they do is not repeated by repeating what was said.
@ApplicationScoped
class CachedModels {

    private final AnswerCache cache;
    private final ChatModels models;
    private final ChatConfig config;

    CachedModels(AnswerCache cache, ChatModels models, ChatConfig config) {
        this.cache = cache;
        this.models = models;
        this.config = config;
    }

    /// @param cache how the cache was used, for the receipt; null when it was not
    record Reply(Generation generation, @Nullable CacheUse cache) {

        boolean isFromCache() {
            return cache == CacheUse.HIT;
        }
    }

    enum CacheUse {
        HIT,
        MISS,
        STORED
    }

    /// @param model asks it
    Reply reply(AdmittedTurn turn, ChatRequest prompt, Supplier<Generation> model) {
        TurnRequest request = turn.request();
        Caching caching = caching(request);
        if (caching.mode() == Caching.Mode.OFF) {
            return new Reply(model.get(), null);
        }
        TenantId tenant = turn.asker().tenant();
        byte[] key = CacheKey.of(request.model(), models.identity(request.model()), prompt);
        Optional<CachedAnswer> found = caching.reads() ? cache.find(tenant, key) : Optional.empty();
        if (found.isPresent()) {
            return new Reply(generation(found.get()), CacheUse.HIT);
        }
        Generation generation = model.get();
        if (!caching.writes() || !isWorthKeeping(generation)) {
            return new Reply(generation, CacheUse.MISS);
        }
        String text = generation.response().aiMessage().text();
        Duration ttl = caching.ttl() == null ? config.cache().ttl() : caching.ttl();
        cache.keep(tenant, key, new CachedAnswer(generation.model(), generation.provider(), text), ttl);
        return new Reply(generation, CacheUse.STORED);
    }

    private Caching caching(TurnRequest request) {
        Caching asked = request.caching();
        if (!request.parameters().toolSpecifications().isEmpty()) {
            return new Caching(Caching.Mode.OFF, null);
        }
        if (asked != null) {
            return asked;
        }
        boolean isOn = config.cache().models().orElse(List.of()).contains(request.model());
        return new Caching(isOn ? Caching.Mode.ON : Caching.Mode.OFF, null);
    }

    /// Whole, said by the first choice, and neither refused, filtered nor cancelled.
    private static boolean isWorthKeeping(Generation generation) {
        ChatResponse response = generation.response();
        String text = response.aiMessage().text();
        return !generation.fallback()
                && response.finishReason() == FinishReason.STOP
                && text != null
                && !text.isEmpty()
                && Refusal.of(response.aiMessage()).isEmpty();
    }

    private static Generation generation(CachedAnswer cached) {
        ChatResponse response = ChatResponse.builder()
                .aiMessage(AiMessage.from(cached.text()))
                .finishReason(FinishReason.STOP)
                .tokenUsage(new TokenUsage(0, 0))
                .build();
        return new Generation(
                cached.model(), cached.provider(), response, 0, Duration.ZERO, List.of(), Set.of(), false);
    }
}
