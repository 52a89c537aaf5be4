package dev.parley.model;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Finds mistakes in the catalog at start, not in the first request that trips over them. No I/O.
final class CatalogCheck {

    private final ModelsConfig config;

    CatalogCheck(ModelsConfig config) {
        this.config = config;
    }

    /// @throws IllegalStateException that names the property and what is wrong with it
    void run() {
        config.chat().forEach((alias, model) -> {
            checkProvider("chat", alias, model.provider());
            checkPrice(alias, model.price());
            checkFallbacks(alias, model, new LinkedHashSet<>());
        });
        config.embedding().forEach((alias, model) -> {
            checkProvider("embedding", alias, model.provider());
            if (config.chat().containsKey(alias)) {
                throw wrong("embedding", alias, "is also the alias of a chat model");
            }
        });
        checkDefault();
    }

    private void checkProvider(String kind, String alias, String provider) {
        if (!config.providers().containsKey(provider)) {
            throw wrong(
                    kind,
                    alias,
                    "names the unknown provider '%s'; known are %s"
                            .formatted(provider, config.providers().keySet()));
        }
    }

    private void checkPrice(String alias, ModelsConfig.Price price) {
        if (price.input().isPresent() != price.output().isPresent()) {
            throw wrong("chat", alias, "has a price for input or output alone; give both or none");
        }
    }

    private void checkFallbacks(String alias, ModelsConfig.Chat model, Set<String> path) {
        if (!path.add(alias)) {
            throw wrong("chat", alias, "falls back to itself: %s → %s".formatted(String.join(" → ", path), alias));
        }
        for (String next : model.fallbacks().orElse(List.of())) {
            ModelsConfig.Chat fallback = config.chat().get(next);
            if (fallback == null) {
                throw wrong("chat", alias, "falls back to the unknown model '%s'".formatted(next));
            }
            checkFallbacks(next, fallback, new LinkedHashSet<>(path));
        }
    }

    private void checkDefault() {
        config.defaultEmbedding().ifPresent(alias -> {
            if (!alias.isBlank() && !alias.equals("none") && !config.embedding().containsKey(alias)) {
                throw new IllegalStateException(
                        "parley.models.default-embedding names the unknown model '%s'; 'none' turns it off"
                                .formatted(alias));
            }
        });
    }

    private static IllegalStateException wrong(String kind, String alias, String what) {
        return new IllegalStateException("parley.models.%s.\"%s\" %s".formatted(kind, alias, what));
    }
}
