package dev.parley.model;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.parley.model.Catalog.ChatEntry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/// Which models are asked for a request, and in which order. What a route prefers comes first, unless it is left
/// alone just now, by whatever process found it down.
@ApplicationScoped
class Router {

    private final Catalog catalog;
    private final SharedBreakers breakers;
    private final Speeds speeds;
    private final RandomGenerator random;

    @Inject
    Router(Catalog catalog, SharedBreakers breakers, Speeds speeds) {
        this(catalog, breakers, speeds, RandomGenerator.getDefault());
    }

    Router(Catalog catalog, SharedBreakers breakers, Speeds speeds, RandomGenerator random) {
        this.catalog = catalog;
        this.breakers = breakers;
        this.speeds = speeds;
        this.random = random;
    }

    /// @throws dev.parley.problem.Problem (404) for an unknown alias, (400) for what no model of it can do
    List<ChatEntry> chain(String alias, ChatRequest request) {
        return catalog.chain(alias, Need.of(request), (route, models) -> order(route, models, request));
    }

    private List<ChatEntry> order(ModelsConfig.Route route, List<ChatEntry> models, ChatRequest request) {
        List<ChatEntry> preferred =
                switch (route.by()) {
                    case ORDER -> models;
                    case WEIGHT -> byWeight(route, models);
                    case PRICE -> sorted(models, Comparator.comparingLong(entry -> price(entry, request)));
                    case SPEED -> sorted(models, Comparator.comparing(entry -> speeds.of(entry.key())));
                };
        return sorted(preferred, Comparator.comparing(entry -> breakers.isLeftAlone(entry.key())));
    }

    /// The sort is stable: equals stay as they are listed.
    private static List<ChatEntry> sorted(List<ChatEntry> models, Comparator<ChatEntry> by) {
        return models.stream().sorted(by).toList();
    }

    private static long price(ChatEntry entry, ChatRequest request) {
        return Price.of(entry.model().price())
                .map(price -> price.atMost(PromptTokens.atMost(request), entry.outputTokens(request)))
                .orElse(Long.MAX_VALUE);
    }

    /// One is drawn to be the first; the others follow as they are listed.
    private List<ChatEntry> byWeight(ModelsConfig.Route route, List<ChatEntry> models) {
        int total = models.stream().mapToInt(entry -> weight(route, entry)).sum();
        if (total == 0) {
            return models;
        }
        int drawn = random.nextInt(total);
        var ordered = new ArrayList<>(models);
        for (ChatEntry entry : models) {
            drawn -= weight(route, entry);
            if (drawn < 0) {
                ordered.remove(entry);
                ordered.addFirst(entry);
                return ordered;
            }
        }
        return ordered;
    }

    private static int weight(ModelsConfig.Route route, ChatEntry entry) {
        List<Integer> weights = route.weights().orElse(List.of());
        return weights.get(route.models().indexOf(entry.alias()));
    }
}
