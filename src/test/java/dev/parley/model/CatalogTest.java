package dev.parley.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CatalogTest {

    private static final RouteOrder AS_LISTED = (route, models) -> models;

    private final Map<String, String> config = new HashMap<>();

    CatalogTest() {
        provider("local", "false");
        provider("remote", "true");
        chat("a", "local", "b");
        chat("b", "remote", "c");
        chat("c", "local", null);
    }

    @Test
    void aModelWhoseProviderLacksItsKeyDoesNotExist() {
        Catalog catalog = catalog();

        assertThat(catalog.all()).extracting(ModelView::id).containsExactly("a", "c");
        assertThatThrownBy(() -> catalog.members("b")).hasMessageContaining("'b' does not exist");

        config.put("parley.models.providers.remote.api-key", "k");
        assertThat(catalog().all()).extracting(ModelView::id).containsExactly("a", "b", "c");
    }

    @Test
    void aChainFollowsFallbacksOfFallbacksAndSkipsWhatDoesNotExist() {
        assertThat(chain("a")).extracting(Catalog.ChatEntry::alias).containsExactly("a", "c");

        config.put("parley.models.providers.remote.api-key", "k");
        assertThat(chain("a")).extracting(Catalog.ChatEntry::alias).containsExactly("a", "b", "c");
    }

    @Test
    void fallbacksThatLackACapabilityArePassedOver() {
        config.put("parley.models.providers.remote.api-key", "k");
        config.put("parley.models.chat.a.capabilities", "tools,json");
        config.put("parley.models.chat.c.capabilities", "tools");

        assertThat(chain("a", Capability.TOOLS))
                .extracting(Catalog.ChatEntry::alias)
                .containsExactly("a", "c");
        assertThat(chain("a", Capability.JSON))
                .extracting(Catalog.ChatEntry::alias)
                .containsExactly("a");
    }

    @Test
    void aModelThatLacksACapabilityIsRefusedByTheParameterThatAsksForIt() {
        config.put("parley.models.chat.a.capabilities", "tools");

        assertThatThrownBy(() -> chain("a", Capability.JSON))
                .asInstanceOf(throwable(Problem.class))
                .satisfies(problem -> {
                    assertThat(problem.kind()).isEqualTo(ProblemKind.INVALID_REQUEST);
                    assertThat(problem.param()).isEqualTo("response_format");
                });
    }

    @Test
    void mistakesFailAtStartAndNameTheProperty() {
        refused("parley.models.chat.b.fallbacks", "nope", "chat.\"b\"", "unknown model 'nope'");
        refused("parley.models.chat.c.fallbacks", "a", "falls back to itself");
        refused("parley.models.chat.c.provider", "nope", "chat.\"c\"", "unknown provider 'nope'");
        refused("parley.models.chat.c.price.input", "1", "input or output alone");
        refused("parley.models.default-embedding", "nope", "default-embedding", "nope");
    }

    @Test
    void noneOrNothingTurnsEmbeddingsOff() {
        assertThat(catalog().defaultEmbedding()).isEmpty();
        config.put("parley.models.default-embedding", "none");
        assertThat(catalog().defaultEmbedding()).isEmpty();
    }

    @Test
    void aPromptThatSurelyDoesNotFitIsRefusedAndPassesByFallbacksThatAreTooSmall() {
        config.put("parley.models.chat.c.context-window", "1000");

        assertThatThrownBy(() -> catalog().chain("a", new Need(Set.of(), 11), AS_LISTED))
                .asInstanceOf(throwable(Problem.class))
                .satisfies(problem -> {
                    assertThat(problem.kind()).isEqualTo(ProblemKind.INVALID_REQUEST);
                    assertThat(problem.code()).isEqualTo("context_length_exceeded");
                    assertThat(problem.param()).isEqualTo("messages");
                });
        assertThat(catalog().chain("c", new Need(Set.of(), 11), AS_LISTED)).hasSize(1);
    }

    @Test
    void aRouteExistsIfOneOfItsModelsDoes() {
        route("either", "b,c");
        route("neither", "b");

        assertThat(catalog().all()).extracting(ModelView::id).containsExactly("a", "c", "either");
        assertThat(chain("either")).extracting(Catalog.ChatEntry::alias).containsExactly("c");
        assertThatThrownBy(() -> chain("neither")).hasMessageContaining("'neither' does not exist");
    }

    @Test
    void aRoutesModelsComeBeforeTheirFallbacksAndThoseThatCannotAreLeftOut() {
        config.put("parley.models.providers.remote.api-key", "k");
        config.put("parley.models.chat.c.capabilities", "tools");
        chat("d", "local", null);
        route("either", "a,d");

        assertThat(chain("either")).extracting(Catalog.ChatEntry::alias).containsExactly("a", "d", "b", "c");

        config.put("parley.models.chat.d.capabilities", "tools");
        assertThat(chain("either", Capability.TOOLS))
                .extracting(Catalog.ChatEntry::alias)
                .containsExactly("d");
        assertThatThrownBy(() -> chain("either", Capability.VISION)).hasMessageContaining("Images");
    }

    @Test
    void mistakesInRoutesFailAtStart() {
        route("a", "b");
        assertThatThrownBy(this::catalog).hasMessageContaining("also the alias of a model");
        config.remove("parley.models.routes.a.models");
        config.remove("parley.models.routes.a.by");

        route("r", "a,nope");
        assertThatThrownBy(this::catalog).hasMessageContaining("unknown model 'nope'");
        route("r", "a,b");
        refused("parley.models.routes.r.by", "weight", "one weight");
    }

    @Test
    void aModelThatClaimsMoreThanItsProtocolCarriesFailsAtStart() {
        config.put("parley.models.chat.a.capabilities", "tools");
        var catalog = catalog();

        assertThatThrownBy(() -> catalog.check(Map.of())).hasMessageContaining("unknown type 'openai'");
        assertThatThrownBy(() -> catalog.check(Map.of("openai", new TextOnly())))
                .hasMessageContaining("claims TOOLS, which 'openai' does not carry");
    }

    private static final class TextOnly implements ChatProvider {

        @Override
        public String type() {
            return "openai";
        }

        @Override
        public Set<Capability> capabilities() {
            return Set.of();
        }

        @Override
        public Client open(ChatModelSettings model, ProviderSettings provider) {
            throw new AssertionError("Not opened at start");
        }
    }

    private void route(String alias, String models) {
        config.put("parley.models.routes." + alias + ".by", "order");
        config.put("parley.models.routes." + alias + ".models", models);
    }

    private List<Catalog.ChatEntry> chain(String alias, Capability... needed) {
        return catalog().chain(alias, new Need(Set.of(needed), 0), AS_LISTED);
    }

    private void refused(String property, String value, String... messages) {
        String before = config.put(property, value);
        assertThatThrownBy(this::catalog)
                .isInstanceOf(IllegalStateException.class)
                .message()
                .contains(messages);
        config.remove(property);
        if (before != null) {
            config.put(property, before);
        }
    }

    private Catalog catalog() {
        return new Catalog(new SmallRyeConfigBuilder()
                .withMapping(ModelsConfig.class)
                .withSources(new PropertiesConfigSource(config, "test", 100))
                .withConverter(
                        java.time.Duration.class,
                        100,
                        value -> java.time.Duration.parse(
                                "PT" + value.replace("ms", "S").toUpperCase()))
                .build()
                .getConfigMapping(ModelsConfig.class));
    }

    private void provider(String name, String needsKey) {
        config.put("parley.models.providers." + name + ".type", "openai");
        config.put("parley.models.providers." + name + ".needs-key", needsKey);
    }

    private void chat(String alias, String provider, String fallback) {
        String prefix = "parley.models.chat." + alias + ".";
        config.put(prefix + "provider", provider);
        config.put(prefix + "name", alias);
        config.put(prefix + "context-window", "10");
        config.put(prefix + "max-output-tokens", "5");
        if (fallback != null) {
            config.put(prefix + "fallbacks", fallback);
        }
    }
}
