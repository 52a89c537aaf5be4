package dev.parley.knowledge;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.problem.Problem;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/// OpenAI's `chunking_strategy`: `auto`, or `static` with the size and overlap of chunks in tokens.
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
record ChunkingStrategy(
        @Nullable String type,
        @JsonProperty("static") @Nullable Fixed fixed) {

    @RegisterForReflection
    record Fixed(
            @JsonProperty("max_chunk_size_tokens") int maxTokens,
            @JsonProperty("chunk_overlap_tokens") int overlapTokens) {}

    private static final int MIN_TOKENS = 100;
    private static final int MAX_TOKENS = 4096;

    static ChunkingStrategy of(int maxTokens, int overlapTokens) {
        return new ChunkingStrategy("static", new Fixed(maxTokens, overlapTokens));
    }

    /// The sizes this strategy stands for.
    ///
    /// @param auto what Parley chooses when the client does not
    /// @throws Problem (400) naming the field that is wrong
    static Fixed resolve(@Nullable ChunkingStrategy strategy, Fixed auto) {
        if (strategy == null) {
            return auto;
        }
        return switch (strategy.type()) {
            case "auto" -> auto;
            case "static" -> check(strategy.fixed());
            case null, default ->
                throw Problem.invalid("chunking_strategy.type", "'chunking_strategy.type' must be 'auto' or 'static'.");
        };
    }

    private static Fixed check(@Nullable Fixed fixed) {
        if (fixed == null) {
            throw Problem.missing("chunking_strategy.static");
        }
        if (fixed.maxTokens() < MIN_TOKENS || fixed.maxTokens() > MAX_TOKENS) {
            throw Problem.invalid(
                    "chunking_strategy.static.max_chunk_size_tokens",
                    "'max_chunk_size_tokens' must be between %d and %d.".formatted(MIN_TOKENS, MAX_TOKENS));
        }
        if (fixed.overlapTokens() < 0 || fixed.overlapTokens() > fixed.maxTokens() / 2) {
            throw Problem.invalid(
                    "chunking_strategy.static.chunk_overlap_tokens",
                    "'chunk_overlap_tokens' must be between 0 and half of 'max_chunk_size_tokens'.");
        }
        return fixed;
    }
}
