package dev.parley.tool.mcp;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.idempotency.IdempotencyKey;
import dev.parley.postgres.Json;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import dev.parley.tool.Invocations;
import dev.parley.tool.ToolResult;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `tools/call`: one call, through the ledger. With a key, sent again it has the same outcome: so a client learns what
/// became of a call that waited for an approval.
@ApplicationScoped
class ToolCalling {

    private static final int MAX_KEY = 255;

    private final Invocations invocations;
    private final Json json;

    ToolCalling(Invocations invocations, Json json) {
        this.invocations = invocations;
        this.json = json;
    }

    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Result(
            List<Text> content,
            @Nullable JsonNode structuredContent,
            boolean isError,
            @JsonProperty("_meta") @Nullable Map<String, String> meta) {}

    @RegisterForReflection
    record Text(String type, String text) {

        static List<Text> of(String text) {
            return List.of(new Text("text", text));
        }
    }

    Result call(McpExchange exchange) {
        JsonNode params = exchange.request().params();
        JsonNode name = params.path("name");
        JsonNode arguments = params.path("arguments");
        if (!name.isTextual()) {
            throw RpcFailure.of(RpcFailure.INVALID_PARAMS, "'name' has to be a tool's name.");
        }
        if (!arguments.isObject() && !arguments.isMissingNode() && !arguments.isNull()) {
            throw RpcFailure.of(RpcFailure.INVALID_PARAMS, "'arguments' has to be an object.");
        }
        try {
            return told(invocations.invoke(
                    exchange.caller(),
                    name.textValue(),
                    arguments.isObject() ? arguments : Wire.object(),
                    key(exchange)));
        } catch (Problem problem) {
            if (problem.kind() != ProblemKind.INVALID_REQUEST || IdempotencyKey.HEADER.equals(problem.param())) {
                throw problem;
            }
            // A model can mend its arguments, if it is told.
            return new Result(Text.of(String.valueOf(problem.getMessage())), null, true, null);
        }
    }

    private static @Nullable String key(McpExchange exchange) {
        JsonNode key = exchange.request().meta(Wire.IDEMPOTENCY_META);
        String chosen = key.isMissingNode() ? exchange.keyHeader() : key.textValue();
        if (!key.isMissingNode() && chosen == null || chosen != null && chosen.length() > MAX_KEY) {
            throw RpcFailure.of(
                    RpcFailure.INVALID_PARAMS,
                    "The idempotency key is a string of at most %d characters.".formatted(MAX_KEY));
        }
        return chosen == null || chosen.isEmpty() ? null : chosen;
    }

    private Result told(ToolResult result) {
        String id = result.call().id().toString();
        return new Result(
                Text.of(result.isAwaited() ? awaited(id) : result.output()),
                result.isGood() ? structured(result.output()) : null,
                !result.isGood(),
                Map.of("parley/callId", id, "parley/status", result.status().code()));
    }

    private static String awaited(String id) {
        return "This call (%s) has not run: it waits for an approval. Repeat it with the same idempotency key to have it run when it is approved."
                .formatted(id);
    }

    /// The output, where it is an object.
    private @Nullable JsonNode structured(String output) {
        if (!output.startsWith("{")) {
            return null;
        }
        try {
            JsonNode value = json.tree(output);
            return value.isObject() ? value : null;
        } catch (IllegalArgumentException text) {
            return null;
        }
    }
}
