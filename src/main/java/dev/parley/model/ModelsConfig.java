package dev.parley.model;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The catalog: providers by name, models by alias. An alias is what clients write as `model`.
@ConfigMapping(prefix = "parley.models")
interface ModelsConfig {

    /// The embedding model that new vector stores get; `PARLEY_EMBEDDING_MODEL` sets it. `none` turns dense search
    /// off: no model in memory and no cost, but paraphrases are no longer found.
    Optional<String> defaultEmbedding();

    /// When the catalog's prices were last checked against the providers' own.
    Optional<LocalDate> pricesAsOf();

    /// Who is called, by name.
    Map<String, Provider> providers();

    /// Chat models by alias.
    Map<String, Chat> chat();

    /// Embedding models by alias.
    Map<String, Embedding> embedding();

    /// Aliases that stand for several chat models.
    Map<String, Route> routes();

    interface Provider {

        /// Which protocol it speaks: `openai`, `anthropic`, `bedrock`, `gemini`, or one of the embedded `extractive`
        /// and `onnx`.
        String type();

        /// Where it listens, `/v1` included for OpenAI's protocol; the vendor's own address when absent.
        Optional<String> baseUrl();

        /// Sent with every call; never logged.
        Optional<String> apiKey();

        /// Whether its models exist only with a key. `false` for a local server that asks for none.
        @WithDefault("true")
        boolean needsKey();

        /// Where its models run, for Bedrock.
        Optional<String> region();

        /// Whether its models exist only with a region. For providers that find their credentials by themselves.
        @WithDefault("false")
        boolean needsRegion();

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

        /// Whether the beginnings of prompts that stay the same are marked for the provider's cache, where it caches
        /// only what is marked (Anthropic, Bedrock). Writing to it costs more than plain input, reading a
        /// tenth: worth it as soon as a prompt's beginning comes a second time within minutes.
        @WithDefault("false")
        boolean promptCaching();

        /// Whether it takes `temperature` and `top_p`. Models that think refuse them; they are left out then.
        @WithDefault("true")
        boolean sampling();

        /// Anthropic's word for how it thinks before it answers, such as `disabled`; its own default when absent.
        /// Thoughts are paid as output.
        Optional<String> thinking();

        /// What it costs.
        Price price();

        /// Aliases asked, in order, when this model does not answer. Another provider helps more than another model.
        Optional<List<String>> fallbacks();
    }

    interface Route {
        /// Which of its models is asked first.
        By by();

        /// Aliases of chat models. Those that lack what a request needs are passed over, those that are left alone
        /// just now come last; each one's fallbacks come after all of them.
        List<String> models();

        /// How often each model is asked first, in the order of `models`; for `weight`.
        Optional<List<Integer>> weights();

        enum By {
            /// As they are listed.
            ORDER,
            /// At random, by `weights`.
            WEIGHT,
            /// The one that answers this request for the least; a model without a price comes last.
            PRICE,
            /// The one that answered soonest lately, in this process; one that was not asked lately is tried first.
            SPEED
        }
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

        /// Of what is put into the provider's prompt cache; as `input` when absent.
        Optional<BigDecimal> cacheWrite();

        /// Of an answer.
        Optional<BigDecimal> output();

        /// Of the same by the provider's own batch endpoint. Nothing here calls one: for the table in the docs.
        Optional<BigDecimal> batchInput();

        /// See `batchInput`.
        Optional<BigDecimal> batchOutput();
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
