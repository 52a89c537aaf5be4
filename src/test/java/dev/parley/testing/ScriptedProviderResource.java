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
/// - `scripted-patient`: as `scripted-alone`, with time-outs that no test reaches; for answers that wait for their test
/// - `scripted-plain`: as `scripted-alone`, without tools and JSON
/// - `scripted-gemini`, `scripted-gemini-embedding`: Gemini's protocol; no fallback; prices as `scripted`
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
            "scripted-gemini"
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
        config.put(PREFIX + "chat." + alias + ".capabilities", "tools,json");
    }
}
