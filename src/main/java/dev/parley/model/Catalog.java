package dev.parley.model;

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

        private void require(Set<Capability> needed) {
            needed.stream()
                    .filter(each -> !capabilities().contains(each))
                    .findFirst()
                    .ifPresent(missing -> {
                        throw Problem.unsupported(
                                missing.parameter(),
                                "'%s' is not supported with the model '%s'.".formatted(missing.parameter(), alias));
                    });
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

    /// @throws Problem (404, `model_not_found`) for an alias that does not exist
    ChatEntry chat(String alias) {
        return findChat(alias).orElseThrow(() -> notFound(alias));
    }

    EmbeddingEntry embedding(String alias) {
        return Optional.ofNullable(config.embedding().get(alias))
                .flatMap(
                        model -> provider(model.provider()).map(provider -> new EmbeddingEntry(alias, model, provider)))
                .orElseThrow(() -> notFound(alias));
    }

    /// The model itself, then its fallbacks and theirs, each once; fallbacks that lack what is needed are left out.
    ///
    /// @throws Problem (404, `model_not_found`) for an alias that does not exist; (400) when the model itself lacks
    /// what is needed, with the parameter that asks for it
    List<ChatEntry> chain(String alias, Set<Capability> needed) {
        chat(alias).require(needed);
        var aliases = new LinkedHashSet<String>();
        collect(alias, aliases);
        return aliases.stream()
                .flatMap(each -> findChat(each).stream())
                .filter(entry -> entry.capabilities().containsAll(needed))
                .toList();
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
        return aliases.stream().flatMap(alias -> view(alias).stream()).toList();
    }

    Optional<ModelView> view(String alias) {
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
        ModelsConfig.Chat model = config.chat().get(alias);
        if (model != null && chain.add(alias)) {
            model.fallbacks().orElse(List.of()).forEach(next -> collect(next, chain));
        }
    }

    /// The provider, if it has the key it needs.
    private Optional<ModelsConfig.Provider> provider(String name) {
        return Optional.ofNullable(config.providers().get(name))
                .filter(provider -> !provider.needsKey()
                        || provider.apiKey().filter(key -> !key.isBlank()).isPresent());
    }
}
