package dev.parley.model;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The catalog: providers by name, models by alias. An alias is what clients write as `model`.
@ConfigMapping(prefix = "parley.models")
interface ModelsConfig {

    /// The embedding model that new vector stores get; `PARLEY_EMBEDDING_MODEL` sets it. `none` turns dense search off:
    /// no model in memory and no cost, but paraphrases are no longer found.
    Optional<String> defaultEmbedding();

    /// Who is called, by name.
    Map<String, Provider> providers();

    /// Chat models by alias.
    Map<String, Chat> chat();

    /// Embedding models by alias.
    Map<String, Embedding> embedding();

    interface Provider {

        /// Which protocol it speaks: `openai`, `gemini`, or one of the embedded `extractive` and `onnx`.
        String type();

        /// Where it listens, `/v1` included for OpenAI's protocol; the vendor's own address when absent.
        Optional<String> baseUrl();

        /// Sent with every call; never logged.
        Optional<String> apiKey();

        /// Whether its models exist only with a key. `false` for a local server that asks for none.
        @WithDefault("true")
        boolean needsKey();

        /// How long a connection may take. Short: a host that is gone should not use up the patience of a caller.
        @WithDefault("5s")
        Duration connectTimeout();

        /// How long a whole call may take, streamed or not. Reasoning models need minutes; every minute is also one
        /// a caller may wait for nothing.
        @WithDefault("180s")
        Duration timeout();

        /// How long a stream may take to begin.
        @WithDefault("60s")
        Duration firstTokenTimeout();

        /// How long a stream may be silent once it has begun.
        @WithDefault("30s")
        Duration stallTimeout();

        /// How often a failed call is sent again before the next model of the chain is asked. Each one multiplies the
        /// load on a provider in trouble.
        @WithDefault("2")
        int maxRetries();

        /// The first retry waits a random time up to this, each further one up to twice as long.
        @WithDefault("500ms")
        Duration retryDelay();

        /// The longest wait between two tries, also when the provider's `Retry-After` asks for more: then the call
        /// goes to the next model at once.
        @WithDefault("10s")
        Duration maxRetryDelay();

        /// Whether output limits are sent as `max_completion_tokens`, which OpenAI's newer models insist on, or as
        /// `max_tokens`, which everybody else knows.
        @WithDefault("false")
        boolean maxCompletionTokens();

        /// The circuit breaker around each of its models.
        Breaker breaker();
    }

    interface Chat {
        /// A name of `providers`.
        String provider();

        /// The provider's own name of the model.
        String name();

        /// Tokens of prompt and answer together.
        int contextWindow();

        /// Tokens of one answer at most.
        int maxOutputTokens();

        /// What it can do besides text. A request for more than that is refused, and passes by this model as a
        /// fallback.
        Optional<List<Capability>> capabilities();

        /// What it costs.
        Price price();

        /// Aliases asked, in order, when this model does not answer. Another provider helps more than another model.
        Optional<List<String>> fallbacks();
    }

    interface Embedding {
        /// A name of `providers`.
        String provider();

        /// The provider's own name of the model.
        String name();

        /// Numbers of a vector.
        int dimensions();

        /// Of one text, special tokens excluded.
        int maxInputTokens();

        /// Texts per provider call.
        @WithDefault("64")
        int batchSize();

        /// What questions are prefixed with, for models trained that way.
        Optional<String> queryPrefix();

        /// Whether vectors may be cut to fewer dimensions on request.
        @WithDefault("false")
        boolean supportsDimensions();

        /// Dollars per million tokens; unknown when absent.
        Optional<BigDecimal> price();
    }

    /// Dollars per million tokens. Without `input` and `output` the price is unknown and answers say so.
    interface Price {
        /// Of a prompt.
        Optional<BigDecimal> input();

        /// As `input` when absent.
        Optional<BigDecimal> cachedInput();

        /// Of an answer.
        Optional<BigDecimal> output();
    }

    /// When a provider's model is left alone for a while. Sensitive settings switch to fallbacks early and drop calls
    /// that would have worked; dull ones make callers wait for time-outs.
    interface Breaker {

        /// How many calls are looked at.
        @WithDefault("20")
        int window();

        /// Which share of them must fail.
        @WithDefault("0.5")
        double failureRatio();

        /// How long it is left alone before one call may try.
        @WithDefault("10s")
        Duration delay();
    }
}
