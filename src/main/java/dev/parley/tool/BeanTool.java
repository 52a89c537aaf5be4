package dev.parley.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.postgres.Json;
import java.time.Duration;
import java.util.Set;

/// A [JavaTool] behind the one interface of all tools.
final class BeanTool<A extends Record> implements Tool {

    private final JavaTool<A> tool;
    private final ToolInfo info;
    private final ArgumentSchema schema;
    private final Json json;

    /// @throws IllegalArgumentException when it is not declared as tools are
    BeanTool(JavaTool<A> tool, Json json) {
        this.tool = tool;
        this.json = json;
        ServerTool declared = tool.getClass().getAnnotation(ServerTool.class);
        if (declared == null || !ToolNames.isWellFormed(declared.name())) {
            throw new IllegalArgumentException(
                    tool.getClass().getName() + " needs @ServerTool with a name that tools may have");
        }
        JsonNode parameters = RecordSchema.of(tool.arguments());
        this.schema = ArgumentSchema.of(parameters);
        this.info = new ToolInfo(
                declared.name(),
                declared.description(),
                parameters,
                new ToolInfo.Traits(Set.of(declared.scopes()), declared.effects(), declared.approval()),
                Duration.ofSeconds(declared.timeoutSeconds()),
                null);
    }

    @Override
    public ToolInfo info() {
        return info;
    }

    @Override
    public String call(Invocation invocation) {
        return tool.call(read(invocation.arguments()), invocation);
    }

    @Override
    public EffectCheck check(Invocation invocation) {
        return tool.check(read(invocation.arguments()), invocation);
    }

    private A read(JsonNode arguments) {
        JsonNode given = withoutNulls(arguments);
        schema.check(given);
        try {
            return json.read(given.toString(), tool.arguments());
        } catch (IllegalArgumentException beyondTheType) { // an integer of twenty digits
            throw ToolFailure.withoutEffect("The arguments do not fit the tool: a value is out of range.");
        }
    }

    /// Models that have to name every argument send null for what they leave out.
    private static JsonNode withoutNulls(JsonNode arguments) {
        if (!arguments.isObject()) {
            return arguments;
        }
        ObjectNode given = JsonNodeFactory.instance.objectNode();
        arguments.properties().forEach(member -> {
            if (!member.getValue().isNull()) {
                given.set(member.getKey(), withoutNulls(member.getValue()));
            }
        });
        return given;
    }
}
