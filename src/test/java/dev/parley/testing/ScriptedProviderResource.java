package dev.parley.testing;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Gives every @QuarkusTest the scripted provider and its aliases.
///
/// - `scripted`: one retry, time-outs of a second or less, falls back to `scripted-fallback`; $1, $0.10 cached and $2
///   per million tokens
/// - `scripted-fallback`: the last of that chain, no price known
/// - `scripted-alone`: no fallback
/// - `scripted-broken`: as `scripted`; for the circuit breaker's test alone, which leaves it open
/// - `priced`, `priced-fallback`, `priced-alone`: the same chain and the same alone, all at the price of `scripted`
/// - `scripted-elsewhere`: as `scripted`; for the test of shared circuit breakers alone
/// - `scripted-patient`: as `scripted-alone`, with time-outs that no test reaches; for answers that wait for their
/// test
/// - `scripted-plain`: as `scripted-alone`, without tools and JSON
/// - `scripted-gemini`, `scripted-gemini-embedding`: Gemini's protocol; no fallback; prices as `scripted`
/// - `scripted-anthropic`, `scripted-bedrock`: their protocols; no fallback; prices as `scripted`, and $1.25 for what
/// is
/// written to the cache; `…-caching` marks prompts for it, `…-strict` takes no sampling parameters and does not
/// think
/// - `route-order`, `route-weight`, `route-price`, `route-speed`: routes over the others; `routed-first` is for them
/// - `scripted-embedding`: 8 dimensions, `dimensions` supported
/// - `hash-384`: the fast embedder, and the default embedding model of tests; the real one has its own contract test
/// - `scripted-keyless`: its provider has no key, so it must not exist
@QuarkusTestResource(ScriptedProviderResource.class)
public final class ScriptedProviderResource implements QuarkusTestResourceLifecycleManager {

    private static final String PREFIX = "parley.models.";

    private final ScriptedServer server = new ScriptedServer();

    @Override
    public Map<String, String> start() {
        var config = new HashMap<String, String>();
        config.put(ScriptedProvider.URL_PROPERTY, server.url());
        for (String provider : new String[] {
            "scripted",
            "scripted-standby",
            "scripted-broken",
            "scripted-elsewhere",
            "scripted-patient",
            "scripted-keyless",
            "scripted-gemini",
            "scripted-anthropic",
            "scripted-routed",
            "scripted-bedrock"
        }) {
            config.put(PREFIX + "providers." + provider + ".type", "openai");
            config.put(PREFIX + "providers." + provider + ".base-url", server.url() + "/v1");
            config.put(PREFIX + "providers." + provider + ".timeout", "2s");
            config.put(PREFIX + "providers." + provider + ".first-token-timeout", "1s");
            config.put(PREFIX + "providers." + provider + ".stall-timeout", "500ms");
            config.put(PREFIX + "providers." + provider + ".max-retries", "1");
            config.put(PREFIX + "providers." + provider + ".retry-delay", "10ms");
            // Tests share the providers: one's failures must not open the breaker for another.
            config.put(
                    PREFIX + "providers." + provider + ".breaker.window",
                    provider.equals("scripted-broken") ? "20" : "100000");
        }
        config.put(PREFIX + "providers.scripted.api-key", "sk-scripted-secret");
        config.put(PREFIX + "providers.scripted-standby.api-key", "sk-standby-secret");
        chat(config, "scripted", "scripted");
        config.put(PREFIX + "chat.scripted.fallbacks", "scripted-fallback");
        price(config, "scripted");
        chat(config, "scripted-fallback", "scripted-standby");
        chat(config, "scripted-alone", "scripted");
        chat(config, "priced", "scripted");
        config.put(PREFIX + "chat.priced.fallbacks", "priced-fallback");
        chat(config, "priced-fallback", "scripted-standby");
        chat(config, "priced-alone", "scripted");
        List.of("priced", "priced-fallback", "priced-alone").forEach(alias -> price(config, alias));
        chat(config, "scripted-plain", "scripted");
        config.remove(PREFIX + "chat.scripted-plain.capabilities");
        config.put(PREFIX + "providers.scripted-broken.api-key", "sk-broken-secret");
        chat(config, "scripted-broken", "scripted-broken");
        config.put(PREFIX + "chat.scripted-broken.fallbacks", "scripted-fallback");
        config.put(PREFIX + "providers.scripted-elsewhere.api-key", "sk-elsewhere-secret");
        chat(config, "scripted-elsewhere", "scripted-elsewhere");
        config.put(PREFIX + "chat.scripted-elsewhere.fallbacks", "scripted-fallback");
        patient(config);
        chat(config, "scripted-keyless", "scripted-keyless");
        gemini(config);
        routes(config);
        anthropic(config);
        bedrock(config);
        config.put(PREFIX + "embedding.scripted-embedding.provider", "scripted");
        config.put(PREFIX + "embedding.scripted-embedding.name", "scripted-embedding");
        config.put(PREFIX + "embedding.scripted-embedding.dimensions", "8");
        config.put(PREFIX + "embedding.scripted-embedding.max-input-tokens", "100");
        config.put(PREFIX + "embedding.scripted-embedding.batch-size", "3");
        config.put(PREFIX + "embedding.scripted-embedding.supports-dimensions", "true");
        config.put(PREFIX + "embedding.scripted-embedding.price", "0.02");
        hashEmbedder(config);
        return config;
    }

    private static void patient(Map<String, String> config) {
        for (String timeout : List.of("timeout", "first-token-timeout", "stall-timeout")) {
            config.put(PREFIX + "providers.scripted-patient." + timeout, "60s");
        }
        config.put(PREFIX + "providers.scripted-patient.api-key", "sk-patient-secret");
        chat(config, "scripted-patient", "scripted-patient");
        price(config, "scripted-patient");
    }

    private void gemini(Map<String, String> config) {
        config.put(PREFIX + "providers.scripted-gemini.type", "gemini");
        config.put(PREFIX + "providers.scripted-gemini.base-url", server.url() + "/v1beta");
        config.put(PREFIX + "providers.scripted-gemini.api-key", "gemini-secret");
        chat(config, "scripted-gemini", "scripted-gemini");
        price(config, "scripted-gemini");
        config.put(PREFIX + "embedding.scripted-gemini-embedding.provider", "scripted-gemini");
        config.put(PREFIX + "embedding.scripted-gemini-embedding.name", "scripted-gemini-embedding");
        config.put(PREFIX + "embedding.scripted-gemini-embedding.dimensions", "8");
        config.put(PREFIX + "embedding.scripted-gemini-embedding.max-input-tokens", "100");
        config.put(PREFIX + "embedding.scripted-gemini-embedding.supports-dimensions", "true");
    }

    private static void routes(Map<String, String> config) {
        config.put(PREFIX + "providers.scripted-routed.api-key", "sk-routed-secret");
        chat(config, "routed-first", "scripted-routed");
        route(config, "order", "routed-first,priced-alone");
        route(config, "weight", "priced-alone,scripted-anthropic");
        config.put(PREFIX + "routes.route-weight.weights", "9,1");
        route(config, "price", "scripted-alone,priced-alone,extractive");
        route(config, "speed", "priced-alone,scripted-anthropic");
    }

    private static void route(Map<String, String> config, String by, String models) {
        config.put(PREFIX + "routes.route-" + by + ".by", by);
        config.put(PREFIX + "routes.route-" + by + ".models", models);
    }

    private static void anthropic(Map<String, String> config) {
        config.put(PREFIX + "providers.scripted-anthropic.type", "anthropic");
        config.put(PREFIX + "providers.scripted-anthropic.api-key", "anthropic-secret");
        claude(config, "scripted-anthropic");
    }

    private void bedrock(Map<String, String> config) {
        config.put(PREFIX + "providers.scripted-bedrock.type", "bedrock");
        config.put(PREFIX + "providers.scripted-bedrock.base-url", server.url());
        config.put(PREFIX + "providers.scripted-bedrock.needs-key", "false");
        config.put(PREFIX + "providers.scripted-bedrock.region", "eu-central-1");
        // Where the SDK looks for credentials first.
        System.setProperty("aws.accessKeyId", "AKIASCRIPTED");
        System.setProperty("aws.secretAccessKey", "scripted-secret");
        claude(config, "scripted-bedrock");
    }

    /// The alias itself, a model that caches prompts and one that takes no sampling parameters and must not think.
    private static void claude(Map<String, String> config, String provider) {
        for (String alias : List.of(provider, provider + "-caching", provider + "-strict")) {
            chat(config, alias, provider);
            price(config, alias);
            config.put(PREFIX + "chat." + alias + ".price.cache-write", "1.25");
            config.put(PREFIX + "chat." + alias + ".capabilities", "tools,json_schema,vision");
        }
        config.put(PREFIX + "chat." + provider + "-caching.prompt-caching", "true");
        config.put(PREFIX + "chat." + provider + "-strict.sampling", "false");
        config.put(PREFIX + "chat." + provider + "-strict.thinking", "disabled");
    }

    private static void hashEmbedder(Map<String, String> config) {
        config.put(PREFIX + "providers.hash.type", "hash");
        config.put(PREFIX + "providers.hash.needs-key", "false");
        config.put(PREFIX + "embedding.hash-384.provider", "hash");
        config.put(PREFIX + "embedding.hash-384.name", "hash-384");
        config.put(PREFIX + "embedding.hash-384.dimensions", "384");
        config.put(PREFIX + "embedding.hash-384.max-input-tokens", "510");
        config.put(PREFIX + "embedding.hash-384.price", "0");
        config.put("parley.embedding-model", "hash-384");
    }

    @Override
    public void stop() {
        server.close();
    }

    private static void price(Map<String, String> config, String alias) {
        config.put(PREFIX + "chat." + alias + ".price.input", "1");
        config.put(PREFIX + "chat." + alias + ".price.cached-input", "0.10");
        config.put(PREFIX + "chat." + alias + ".price.output", "2");
    }

    private static void chat(Map<String, String> config, String alias, String provider) {
        config.put(PREFIX + "chat." + alias + ".provider", provider);
        config.put(PREFIX + "chat." + alias + ".name", alias);
        config.put(PREFIX + "chat." + alias + ".context-window", "8192");
        config.put(PREFIX + "chat." + alias + ".max-output-tokens", "1024");
        config.put(PREFIX + "chat." + alias + ".capabilities", "tools,json,json_schema,vision");
    }
}
