package dev.parley.model;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.parley.model.SharedBreakers.ModelKey;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The models that exist, out of configuration. A model whose provider needs a key and has none does not.
@Startup
@ApplicationScoped
class Catalog {

    private static final String NO_EMBEDDING = "none";
    private static final String ROUTE_OWNER = "parley";

    private final ModelsConfig config;

    Catalog(ModelsConfig config) {
        this.config = config;
        new CatalogCheck(config).run();
    }

    /// A chat model by alias and the provider it belongs to.
    record ChatEntry(String alias, ModelsConfig.Chat model, ModelsConfig.Provider provider) {

        ProviderSettings settings() {
            return ProviderSettings.of(model.provider(), provider);
        }

        Set<Capability> capabilities() {
            return Set.copyOf(model.capabilities().orElse(List.of()));
        }

        ModelKey key() {
            return new ModelKey(model.provider(), model.name());
        }

        /// Of an answer to this request at most.
        int outputTokens(ChatRequest request) {
            Integer asked = request.maxOutputTokens();
            return asked == null ? model.maxOutputTokens() : Math.min(asked, model.maxOutputTokens());
        }

        boolean canServe(Need need) {
            return capabilities().containsAll(need.capabilities()) && need.promptTokens() <= model.contextWindow();
        }

        private void require(Need need) {
            need.capabilities().stream()
                    .filter(each -> !capabilities().contains(each))
                    .findFirst()
                    .ifPresent(missing -> {
                        throw Problem.unsupported(missing.parameter(), missing.isNotSupportedBy(alias));
                    });
            if (need.promptTokens() > model.contextWindow()) {
                String message = "The context window of '%s' is %d tokens; the messages have %d at least."
                        .formatted(alias, model.contextWindow(), need.promptTokens());
                throw ModelFailure.of(new ProviderError.ContextOverflow(message), alias, List.of());
            }
        }
    }

    record EmbeddingEntry(String alias, ModelsConfig.Embedding model, ModelsConfig.Provider provider) {

        boolean isFree() {
            return model.price().filter(price -> price.signum() == 0).isPresent();
        }

        ProviderSettings settings() {
            return ProviderSettings.of(model.provider(), provider);
        }
    }

    EmbeddingEntry embedding(String alias) {
        return Optional.ofNullable(config.embedding().get(alias))
                .flatMap(
                        model -> provider(model.provider()).map(provider -> new EmbeddingEntry(alias, model, provider)))
                .orElseThrow(() -> notFound(alias));
    }

    /// Finds chat models of a type that nobody speaks, or that claim more than their protocol carries.
    ///
    /// @throws IllegalStateException that names the property and what is wrong with it
    void check(Map<String, ChatProvider> providers) {
        new CatalogCheck(config).run(providers);
    }

    /// The models to ask in turn. For a model the model itself, then its fallbacks and theirs, each once. For a
    /// route its models as the order puts them, then their fallbacks. Those that cannot serve the need are left
    /// out.
    ///
    /// @throws Problem (404, `model_not_found`) for an alias that does not exist; (400) when the model itself, or
    /// every model of the route, lacks what is needed, with the parameter that asks for it
    List<ChatEntry> chain(String alias, Need need, RouteOrder order) {
        List<ChatEntry> first = candidates(alias, need);
        List<ChatEntry> ordered =
                route(alias).map(route -> order.of(route, first)).orElse(first);
        var aliases = new LinkedHashSet<String>();
        ordered.forEach(entry -> aliases.add(entry.alias()));
        ordered.forEach(entry -> collect(entry.alias(), aliases));
        return aliases.stream()
                .flatMap(each -> findChat(each).stream())
                .filter(entry -> entry.canServe(need))
                .toList();
    }

    /// The model itself, or those of a route; at least one, and only such as can serve the need.
    private List<ChatEntry> candidates(String alias, Need need) {
        List<ChatEntry> existing = members(alias);
        List<ChatEntry> able =
                existing.stream().filter(entry -> entry.canServe(need)).toList();
        if (able.isEmpty()) {
            existing.getFirst().require(need);
        }
        return able;
    }

    /// The model by this alias, or the models of the route: those that exist, at least one.
    ///
    /// @throws Problem (404, `model_not_found`)
    List<ChatEntry> members(String alias) {
        List<ChatEntry> existing = route(alias).map(ModelsConfig.Route::models).orElse(List.of(alias)).stream()
                .flatMap(each -> findChat(each).stream())
                .toList();
        if (existing.isEmpty()) {
            throw notFound(alias);
        }
        return existing;
    }

    Optional<ModelsConfig.Route> route(String alias) {
        return Optional.ofNullable(config.routes().get(alias));
    }

    /// By alias, whether or not its provider is set up.
    Map<String, ModelsConfig.Embedding> embeddings() {
        return config.embedding();
    }

    Optional<String> defaultEmbedding() {
        return config.defaultEmbedding().filter(alias -> !alias.isBlank() && !alias.equals(NO_EMBEDDING));
    }

    /// Every alias that exists, in alphabetical order, with its provider's name.
    List<ModelView> all() {
        Set<String> aliases = new TreeSet<>(config.chat().keySet());
        aliases.addAll(config.embedding().keySet());
        aliases.addAll(config.routes().keySet());
        return aliases.stream().flatMap(alias -> view(alias).stream()).toList();
    }

    Optional<ModelView> view(String alias) {
        if (route(alias).isPresent()) {
            boolean exists = route(alias).get().models().stream()
                    .anyMatch(each -> findChat(each).isPresent());
            return exists ? Optional.of(ModelView.of(alias, ROUTE_OWNER)) : Optional.empty();
        }
        return Stream.concat(
                        Stream.ofNullable(config.chat().get(alias)).map(ModelsConfig.Chat::provider),
                        Stream.ofNullable(config.embedding().get(alias)).map(ModelsConfig.Embedding::provider))
                .filter(name -> provider(name).isPresent())
                .map(name -> ModelView.of(alias, name))
                .findFirst();
    }

    static Problem notFound(String alias) {
        return Problem.of(ProblemKind.NOT_FOUND, "model_not_found", "The model '%s' does not exist.".formatted(alias));
    }

    private Optional<ChatEntry> findChat(String alias) {
        return Optional.ofNullable(config.chat().get(alias))
                .flatMap(model -> provider(model.provider()).map(provider -> new ChatEntry(alias, model, provider)));
    }

    private void collect(String alias, Set<String> chain) {
        for (String next : Optional.ofNullable(config.chat().get(alias))
                .flatMap(ModelsConfig.Chat::fallbacks)
                .orElse(List.of())) {
            if (chain.add(next)) {
                collect(next, chain);
            }
        }
    }

    /// The provider, if it has the key and the region it needs.
    private Optional<ModelsConfig.Provider> provider(String name) {
        return Optional.ofNullable(config.providers().get(name))
                .filter(provider -> !provider.needsKey() || isSet(provider.apiKey()))
                .filter(provider -> !provider.needsRegion() || isSet(provider.region()));
    }

    private static boolean isSet(Optional<String> value) {
        return value.filter(text -> !text.isBlank()).isPresent();
    }
}
