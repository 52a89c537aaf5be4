package dev.parley.tool.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.parley.testing.Inspector;
import dev.parley.testing.TenantTools;
import dev.parley.testing.TestStore;
import dev.parley.testing.TestTenant;
import dev.parley.tool.ToolFailure;
import dev.parley.tool.ToolInfo;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the official client makes of `/mcp`.
@QuarkusTest
class InspectorIT {

    @Inject
    TenantTools tools;

    private final TestTenant tenant = TestTenant.create();
    private final Inspector inspector = new Inspector(tenant.key());

    @BeforeEach
    void greet() {
        var schema = JsonNodeFactory.instance.objectNode().put("type", "object");
        schema.putObject("properties").putObject("name").put("type", "string");
        var traits = new ToolInfo.Traits(Set.of(), false, false);
        tools.give(
                tenant.id(),
                new ToolInfo("greet", "Greets somebody.", schema, traits, Duration.ofSeconds(5), null),
                invocation -> {
                    String name = invocation.arguments().path("name").asText();
                    if (name.isEmpty()) {
                        throw ToolFailure.withoutEffect("Say whom to greet.");
                    }
                    return "Hello " + name + ".";
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"legacy", "auto", "modern"})
    void itListsTools(String era) {
        var listed = inspector.ask("--protocol-era", era, "--method", "tools/list", "--strict");
        assertThat(listed.status()).as(listed.complaint()).isZero();
        assertThat(listed.json().path("tools").findValuesAsText("name")).contains("greet");
    }

    @ParameterizedTest
    @ValueSource(strings = {"legacy", "auto", "modern"})
    void itCallsOne(String era) {
        var called = inspector.ask(
                "--protocol-era", era, "--method", "tools/call", "--tool-name", "greet", "--tool-arg", "name=Ada");
        assertThat(called.status()).as(called.complaint()).isZero();
        assertThat(called.json().at("/content/0/text").asText()).isEqualTo("Hello Ada.");
    }

    @Test
    void itSearchesKnowledge() {
        TestStore store = TestStore.create(tenant.key());
        store.add("ferries.txt", "The ferry to Moen leaves at noon from pier seven.".getBytes(UTF_8));
        store.awaitCompleted(1);
        var found = inspector.ask(
                "--method",
                "tools/call",
                "--tool-name",
                "search_knowledge",
                "--tool-arg",
                "query=When does the ferry to Moen leave?",
                "vector_store_ids=[\"" + store.id() + "\"]");
        assertThat(found.status()).as(found.complaint() + found.text()).isZero();
        assertThat(found.json().at("/content/0/text").asText()).contains("ferries.txt", "pier seven");
    }

    @Test
    void itIsToldWhatWentWrong() {
        var failed = inspector.ask("--method", "tools/call", "--tool-name", "greet");
        assertThat(failed.status()).isEqualTo(5); // the inspector's for isError
        assertThat(failed.text()).contains("Say whom to greet.");

        var stranger = new Inspector("sk-parley-nobody").ask("--method", "tools/list", "--stored-auth-only");
        assertThat(stranger.status()).isNotZero();
        assertThat(stranger.complaint()).contains("invalid_api_key");
    }
}
