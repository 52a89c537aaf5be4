package dev.parley.model;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
        config.routes().forEach(this::checkRoute);
        checkDefault();
    }

    /// The same for what only the providers themselves know.
    void run(Map<String, ChatProvider> providers) {
        config.chat().forEach((alias, model) -> {
            String type = Objects.requireNonNull(config.providers().get(model.provider()))
                    .type();
            ChatProvider provider = providers.get(type);
            if (provider == null) {
                throw wrong(
                        "chat", alias, "is of the unknown type '%s'; known are %s".formatted(type, providers.keySet()));
            }
            model.capabilities().orElse(List.of()).stream()
                    .filter(claimed -> !provider.capabilities().contains(claimed))
                    .findFirst()
                    .ifPresent(claimed -> {
                        throw wrong("chat", alias, "claims %s, which '%s' does not carry".formatted(claimed, type));
                    });
        });
    }

    private void checkRoute(String alias, ModelsConfig.Route route) {
        if (config.chat().containsKey(alias) || config.embedding().containsKey(alias)) {
            throw wrong("routes", alias, "is also the alias of a model");
        }
        route.models().stream()
                .filter(model -> !config.chat().containsKey(model))
                .findFirst()
                .ifPresent(model -> {
                    throw wrong("routes", alias, "names the unknown model '%s'".formatted(model));
                });
        List<Integer> weights = route.weights().orElse(List.of());
        boolean byWeight = route.by() == ModelsConfig.Route.By.WEIGHT;
        if (byWeight
                && (weights.size() != route.models().size() || weights.stream().anyMatch(each -> each < 0))) {
            throw wrong("routes", alias, "needs one weight, zero or more, for each of its models");
        }
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
