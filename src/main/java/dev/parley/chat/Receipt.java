package dev.parley.chat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.langchain4j.model.output.TokenUsage;
import dev.parley.tool.StoredCall;
import dev.parley.tool.ToolResult;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How a turn came about and what it cost, as clients see it under `parley.receipt`.
///
/// @param answerer who answered; its fields are left out when nobody did
/// @param attempts every call for the answer, in order
/// @param passages in the prompt, whether cited or not; absent when there was no search
/// @param prompt the version of a prompt that was used; absent when there was none
/// @param degraded whether a vector store was searched by BM25 alone; absent when there was no search
/// @param cache `hit`, `miss` or `stored`; absent when the cache was not asked
/// @param toolCalls of this side's tools, in order; absent when there were none
/// @param tokens of everything that was paid
/// @param costMicros of everything that was paid, in micro-dollars: the sum of the turn's lines in the ledger
/// @param estimated whether a provider told no usage and tokens were counted here
/// @param overheadMs the turn's time outside provider calls: search, memory, storage and waits between attempts
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Receipt(
        @JsonProperty("request_id") String requestId,
        @JsonUnwrapped @Nullable Answerer answerer,
        @Nullable PromptLine prompt,
        List<AttemptLine> attempts,
        @Nullable List<PassageLine> passages,
        @Nullable Boolean degraded,
        @Nullable MemoryLine memory,
        @Nullable String cache,
        @JsonProperty("tool_calls") @Nullable List<ToolLine> toolCalls,
        Tokens tokens,
        @JsonProperty("cost_micros") long costMicros,
        boolean estimated,
        @JsonProperty("overhead_ms") double overheadMs,
        List<String> warnings) {

    Receipt withCache(CachedModels.@Nullable CacheUse use) {
        return with(use == null ? null : use.name().toLowerCase(Locale.ROOT), warnings);
    }

    Receipt withWarning(String warning) {
        return with(cache, Stream.concat(warnings.stream(), Stream.of(warning)).toList());
    }

    private Receipt with(@Nullable String cacheUse, List<String> warned) {
        return new Receipt(
                requestId,
                answerer,
                prompt,
                attempts,
                passages,
                degraded,
                memory,
                cacheUse,
                toolCalls,
                tokens,
                costMicros,
                estimated,
                overheadMs,
                warned);
    }

    /// A call of one of this side's tools.
    ///
    /// @param status `completed`, `failed`, `denied`, `awaiting_approval`, or `in_doubt`: nobody knows
    /// @param effects whether the tool changes something
    /// @param durationMs absent where it is not known
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ToolLine(
            String id,
            String tool,
            String status,
            boolean effects,
            @JsonProperty("duration_ms") @Nullable Double durationMs) {

        static ToolLine of(ToolResult result) {
            return new ToolLine(
                    result.call().id().toString(),
                    result.call().tool(),
                    result.status().code(),
                    result.effects(),
                    result.duration().toNanos() / 1000 / 1e3);
        }

        static ToolLine of(StoredCall call) {
            return new ToolLine(
                    call.id().toString(),
                    call.asked().tool(),
                    call.shownStatus().code(),
                    call.asked().effects(),
                    null);
        }
    }

    /// @param model the alias that answered, which a fallback or a route makes another than was asked for
    /// @param fallback whether it was not the first choice
    /// @param timeToFirstTokenMs from the call of the provider that answered; of the whole answer when not
    /// streamed
    @RegisterForReflection
    record Answerer(
            String model,
            String provider,
            boolean fallback,
            @JsonProperty("time_to_first_token_ms") double timeToFirstTokenMs) {}

    /// @param label absent when the request named the version
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PromptLine(
            String id, String name, int version, @Nullable String label) {}

    /// @param failure a short code; absent for the attempt that answered
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record AttemptLine(
            String model,
            String provider,
            @JsonProperty("duration_ms") double durationMs,
            @Nullable String failure) {}

    /// @param index the number the answer cites it by
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PassageLine(
            int index,
            @JsonProperty("file_id") String fileId,
            String filename,
            @JsonProperty("vector_store_id") String vectorStoreId,
            double score,
            @Nullable Integer page) {}

    /// @param messages remembered ones in the prompt
    /// @param tokens of those, as budgets count them
    /// @param summary of the turns before them, if it was in the prompt
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record MemoryLine(
            String conversation,
            int messages,
            int tokens,
            @Nullable SummaryLine summary) {}

    /// @param through the last item it covers
    @RegisterForReflection
    record SummaryLine(String through, int tokens, String model) {}

    @RegisterForReflection
    public record Tokens(long input, long output) {

        TokenUsage usage() {
            return new TokenUsage(Math.toIntExact(input), Math.toIntExact(output));
        }
    }
}
