package dev.parley.tool.mcp;

import static dev.parley.tool.mcp.McpClient.headers;
import static dev.parley.tool.mcp.McpClient.message;
import static dev.parley.tool.mcp.McpClient.withMeta;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.both;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.testing.Api;
import dev.parley.testing.TenantTools;
import dev.parley.testing.TestTenant;
import dev.parley.tool.Invocation;
import dev.parley.tool.ToolFailure;
import dev.parley.tool.ToolInfo;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class McpServerIT {

    private static final String SCHEMA = "{\"type\":\"object\",\"properties\":"
            + "{\"text\":{\"type\":\"string\",\"x-mcp-header\":\"Text\"}},\"required\":[\"text\"]}";
    private static final ToolInfo.Traits READS = new ToolInfo.Traits(Set.of(), false, false);
    private static final ToolInfo.Traits ACTS = new ToolInfo.Traits(Set.of(), true, false);

    @Inject
    TenantTools tools;

    private final TestTenant tenant = TestTenant.create();
    private final McpClient client = new McpClient(tenant.key());

    @BeforeEach
    void echo() {
        give("echo", READS, invocation -> invocation.arguments().path("text").asText());
    }

    @Test
    void theNewestRevisionNeedsNoHandshake() {
        client.ask("server/discover", Map.of())
                .body("jsonrpc", equalTo("2.0"))
                .body("id", equalTo(7))
                .body("result.resultType", equalTo("complete"))
                .body("result.supportedVersions", contains("2026-07-28"))
                .body("result.capabilities.tools.listChanged", equalTo(false))
                .body("result.cacheScope", equalTo("public"))
                .body("result._meta.'io.modelcontextprotocol/serverInfo'.name", equalTo("parley"));
        client.ask("tools/list", Map.of())
                .header("Mcp-Session-Id", nullValue())
                .body("result.tools.name", hasItems("echo"))
                .body("result.ttlMs", equalTo(0))
                .body("result.cacheScope", equalTo("private"));
        client.call("echo", Map.of("text", "hello"))
                .body("result.content", equalTo(List.of(Map.of("type", "text", "text", "hello"))))
                .body("result.isError", equalTo(false))
                .body("result.resultType", equalTo("complete"))
                .body("result._meta.'parley/status'", equalTo("completed"))
                .body("result._meta.'parley/callId'", notNullValue());
    }

    @ParameterizedTest
    @CsvSource({
        "2025-11-25, 2025-11-25",
        "2025-06-18, 2025-06-18",
        "2025-03-26, 2025-03-26",
        "2024-11-05, 2025-11-25",
        "2026-07-28, 2025-11-25",
        "tomorrow, 2025-11-25"
    })
    void aHandshakeSettlesTheRevision(String asked, String answered) {
        client.send(Map.of(), message("initialize", Map.of("protocolVersion", asked, "capabilities", Map.of())))
                .statusCode(200)
                .body("result.protocolVersion", equalTo(answered))
                .body("result.capabilities.tools.listChanged", equalTo(false))
                .body("result.serverInfo.name", equalTo("parley"))
                .body("result.resultType", nullValue());
        client.send(
                        Map.of("MCP-Protocol-Version", answered),
                        Map.of("jsonrpc", "2.0", "method", "notifications/initialized"))
                .statusCode(202)
                .body(emptyString());
        client.inSession(answered, "ping", Map.of()).statusCode(200).body("result", equalTo(Map.of()));
        client.inSession(answered, "tools/list", Map.of())
                .statusCode(200)
                .body("result.tools.name", hasItems("echo"))
                .body("result.ttlMs", nullValue());
        client.inSession(answered, "tools/call", Map.of("name", "echo", "arguments", Map.of("text", "hi")))
                .body("result.content[0].text", equalTo("hi"));
    }

    @Test
    void aClientThatSaysNoVersionIsServed() {
        client.send(Map.of(), message("tools/list", Map.of())).statusCode(200).body("result.tools", not(hasSize(0)));
    }

    @Test
    void revisionsThatNobodyKnowsAreRefusedWithThoseThatAreKnown() {
        client.inSession("1900-01-01", "tools/list", Map.of())
                .statusCode(400)
                .body("error.code", equalTo(-32022))
                .body("error.data.supported", hasItems("2026-07-28", "2025-11-25"))
                .body("error.data.requested", equalTo("1900-01-01"));
        var params = Map.of("_meta", Map.of("io.modelcontextprotocol/protocolVersion", "2099-01-01"));
        client.send(
                        Map.of("MCP-Protocol-Version", "2099-01-01", "Mcp-Method", "tools/list"),
                        message("tools/list", params))
                .statusCode(400)
                .body("id", equalTo(7))
                .body("error.code", equalTo(-32022));
    }

    @Test
    void headersSayWhatTheBodySays() {
        var params = Map.<String, Object>of("name", "echo", "arguments", Map.of("text", "hello"));
        var body = message("tools/call", withMeta(params));
        for (String header : List.of("MCP-Protocol-Version", "Mcp-Method", "Mcp-Name")) {
            var wrong = headers("tools/call", params);
            wrong.put(header, "something");
            client.send(wrong, body).statusCode(400).body("error.code", equalTo(-32020));
            wrong.remove(header);
            client.send(wrong, body).statusCode(400).body("error.code", equalTo(-32020));
        }
        var encoded = headers("tools/call", params);
        encoded.put("Mcp-Name", "=?base64?ZWNobw==?=");
        client.send(encoded, body).statusCode(200).body("result.content[0].text", equalTo("hello"));
        encoded.put("Mcp-Name", "=?base64?*?=");
        client.send(encoded, body).statusCode(400);
    }

    @Test
    void aRequestSaysWhatItsClientCanDo() {
        var meta = Map.of("io.modelcontextprotocol/protocolVersion", "2026-07-28");
        client.send(headers("tools/list", Map.of()), message("tools/list", Map.of("_meta", meta)))
                .statusCode(400)
                .body("error.code", equalTo(-32602));
        client.inSession("2026-07-28", "tools/list", Map.of()).statusCode(400).body("error.code", equalTo(-32602));
    }

    @ParameterizedTest
    @ValueSource(strings = {"resources/list", "prompts/get", "initialize", "ping", "logging/setLevel", "nonsense"})
    void methodsThatAreNotServedAreNotFound(String method) {
        client.stateless(method, Map.of()).statusCode(404).body("error.code", equalTo(-32601));
        if (!Set.of("initialize", "ping").contains(method)) {
            client.inSession("2025-11-25", method, Map.of()).statusCode(200).body("error.code", equalTo(-32601));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ | -32700",
                "'' | -32700",
                "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}] | -32600",
                "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"} | -32600",
                "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"} | -32600",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}} | -32600",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":[]} | -32600"
            })
    void whatIsNoRequestIsRefused(String body, int code) {
        client.send(Map.of(), body)
                .statusCode(400)
                .body("error.code", equalTo(code))
                .body("id", nullValue());
    }

    @Test
    void webPagesOfOthersAndOtherHttpMethodsAreRefused() {
        for (String origin : List.of("http://evil.example", "http://localhost.evil.example", "null")) {
            client.send(Map.of("Origin", origin), message("ping", Map.of()))
                    .statusCode(403)
                    .body("error.code", equalTo(-32600));
        }
        client.send(Map.of("Origin", "http://localhost:6274"), message("ping", Map.of()))
                .statusCode(200);
        Api.as(tenant.key())
                .accept("text/event-stream")
                .body(message("ping", Map.of()))
                .post("/mcp")
                .then()
                .statusCode(406);
        Api.as(tenant.key()).accept("text/event-stream").get("/mcp").then().statusCode(405);
        Api.as(tenant.key()).delete("/mcp").then().statusCode(405);
    }

    @Test
    void aKeyNeedsTheScope() {
        Api.anonymous()
                .body(message("ping", Map.of()))
                .post("/mcp")
                .then()
                .statusCode(401)
                .header("WWW-Authenticate", startsWith("Bearer"));
        new McpClient(key("chat")).inSession("2025-11-25", "ping", Map.of()).statusCode(403);
    }

    @Test
    void toolsOfAnotherScopeAreNeitherListedNorCalled() {
        give("pay", new ToolInfo.Traits(Set.of("tool:pay"), true, false), _ -> "paid");
        var plain = new McpClient(key("tools"));
        plain.ask("tools/list", Map.of())
                .body("result.tools.name", both(hasItem("echo")).and(not(hasItem("pay"))));
        plain.call("pay", Map.of("text", "x"))
                .body("error.code", equalTo(-32602))
                .body("result", nullValue());

        var payer = new McpClient(key("tools", "tool:pay"));
        payer.ask("tools/list", Map.of()).body("result.tools.name", hasItems("echo", "pay"));
        payer.call("pay", Map.of("text", "x")).body("result.content[0].text", equalTo("paid"));
    }

    @Test
    void toolsOfAnotherTenantAreNotThere() {
        give("ours", READS, _ -> "ours");
        var theirs = new McpClient(TestTenant.create().key());
        theirs.ask("tools/list", Map.of()).body("result.tools.name", not(hasItems("ours")));
        theirs.call("ours", Map.of()).body("error.code", equalTo(-32602));
    }

    @Test
    void listsSayWhatToolsDoAndNothingThatIsForServers() {
        give("send", ACTS, _ -> "sent");
        client.ask("tools/list", Map.of())
                .body("result.tools.find { it.name == 'echo' }.annotations.readOnlyHint", equalTo(true))
                .body("result.tools.find { it.name == 'echo' }.description", equalTo("The tool echo."))
                .body("result.tools.find { it.name == 'echo' }.inputSchema.properties.text.type", equalTo("string"))
                .body("result.tools.find { it.name == 'echo' }.inputSchema.properties.text.'x-mcp-header'", nullValue())
                .body("result.tools.find { it.name == 'send' }.annotations.readOnlyHint", equalTo(false))
                .body("result.tools.find { it.name == 'send' }.annotations.destructiveHint", equalTo(true))
                .body("result.tools.find { it.name == 'send' }.annotations.idempotentHint", equalTo(false));
    }

    @Test
    void longListsComeInPages() {
        for (int i = 0; i < 150; i++) {
            give("tool_%03d".formatted(i), READS, _ -> "");
        }
        var names = new ArrayList<String>();
        Map<String, Object> params = Map.of();
        for (String cursor = ""; cursor != null; params = cursor == null ? Map.of() : Map.of("cursor", cursor)) {
            var page = client.ask("tools/list", params).extract();
            names.addAll(page.<List<String>>path("result.tools.name"));
            cursor = page.path("result.nextCursor");
        }
        assertThat(names).contains("echo", "tool_000", "tool_149").isSorted().doesNotHaveDuplicates();
        for (Object cursor : List.of("!", "", 7)) {
            client.ask("tools/list", Map.of("cursor", cursor)).body("error.code", equalTo(-32602));
        }
    }

    @Test
    void whatGoesWrongInAToolIsForTheModel() {
        give("broken", READS, _ -> {
            throw ToolFailure.withoutEffect("The weather is not known there.");
        });
        give("lost", ACTS, _ -> {
            throw ToolFailure.inDoubt("No answer.");
        });
        give("guarded", new ToolInfo.Traits(Set.of(), true, true), _ -> "done");
        client.call("broken", Map.of("text", ""))
                .body("result.isError", equalTo(true))
                .body("result.content[0].text", equalTo("The weather is not known there."));
        client.call("lost", Map.of("text", ""))
                .body("result.isError", equalTo(true))
                .body("result._meta.'parley/status'", equalTo("in_doubt"));
    }

    @Test
    void aCallThatNeedsAnApprovalRunsWhenItIsRepeatedAfterIt() {
        give("guarded", new ToolInfo.Traits(Set.of(), true, true), _ -> "done");
        client.call("guarded", Map.of("text", ""))
                .body("error.code", equalTo(-32602))
                .body("error.message", containsString("Idempotency-Key"));
        var params = Map.of("name", "guarded", "_meta", Map.of("parley/idempotencyKey", "g1"));
        String call = client.ask("tools/call", params)
                .body("result.isError", equalTo(true))
                .body("result.content[0].text", containsString("approval"))
                .body("result._meta.'parley/status'", equalTo("awaiting_approval"))
                .extract()
                .path("result._meta.'parley/callId'");
        tenant.request().post("/v1/tool_calls/" + call + "/approve").then().statusCode(200);
        client.ask("tools/call", params)
                .body("result.isError", equalTo(false))
                .body("result.content[0].text", equalTo("done"))
                .body("result._meta.'parley/callId'", equalTo(call));
    }

    @Test
    void limitsOfTheTenantCountCalls() {
        tenant.request()
                .body(Map.of("scope", "tenant", "requests_per_minute", 1))
                .post("/v1/rate_limits")
                .then()
                .statusCode(200);
        client.call("echo", Map.of("text", "one"));
        client.stateless("tools/call", Map.of("name", "echo", "arguments", Map.of("text", "two")))
                .statusCode(429)
                .header("Retry-After", notNullValue())
                .body("error.code", equalTo(429))
                .body("error.data.type", equalTo("rate_limit_error"));
    }

    @Test
    void aKeyOfAnotherCallIsRefused() {
        var meta = Map.of("parley/idempotencyKey", "same");
        client.ask("tools/call", Map.of("name", "echo", "arguments", Map.of("text", "one"), "_meta", meta));
        client.stateless("tools/call", Map.of("name", "echo", "arguments", Map.of("text", "two"), "_meta", meta))
                .statusCode(422)
                .body("error.data.code", equalTo("idempotency_key_reused"));
    }

    @Test
    void aMalformedCallIsAProtocolError() {
        client.ask("tools/call", Map.of("name", "nobody")).body("error.code", equalTo(-32602));
        client.ask("tools/call", Map.of("name", "echo", "arguments", List.of())).body("error.code", equalTo(-32602));
        client.inSession("2025-11-25", "tools/call", Map.of()).body("error.code", equalTo(-32602));
    }

    @Test
    void objectsAreStructuredContentToo() {
        give("object", READS, _ -> "{\"degrees\":21}");
        give("text", READS, _ -> "{not json");
        client.call("object", Map.of("text", ""))
                .body("result.structuredContent.degrees", equalTo(21))
                .body("result.content[0].text", equalTo("{\"degrees\":21}"));
        client.call("text", Map.of("text", "")).body("result.structuredContent", nullValue());
    }

    @Test
    void aCallWithAKeyRunsOnce() {
        var count = new AtomicInteger();
        give("count", ACTS, _ -> Integer.toString(count.incrementAndGet()));
        var params = Map.of(
                "name", "count", "arguments", Map.of("text", ""), "_meta", Map.of("parley/idempotencyKey", "k1"));
        for (int i = 0; i < 2; i++) {
            client.ask("tools/call", params).body("result.content[0].text", equalTo("1"));
        }
        for (int i = 0; i < 2; i++) {
            client.send(
                            Map.of("MCP-Protocol-Version", "2025-11-25", "Idempotency-Key", "k2"),
                            message("tools/call", Map.of("name", "count", "arguments", Map.of("text", ""))))
                    .body("result.content[0].text", equalTo("2"));
        }
        client.ask("tools/call", Map.of("name", "count", "_meta", Map.of("parley/idempotencyKey", 7)))
                .body("error.code", equalTo(-32602));
        assertThat(count).hasValue(2);
    }

    private void give(String name, ToolInfo.Traits traits, Function<Invocation, String> does) {
        try {
            var schema = new ObjectMapper().readTree(SCHEMA);
            tools.give(
                    tenant.id(),
                    new ToolInfo(name, "The tool %s.".formatted(name), schema, traits, Duration.ofSeconds(5), null),
                    does);
        } catch (java.io.IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private String key(String... scopes) {
        return tenant.request()
                .body(Map.of("name", "some", "scopes", scopes))
                .post("/v1/keys")
                .then()
                .statusCode(200)
                .extract()
                .path("value");
    }
}
