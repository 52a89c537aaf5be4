package dev.parley.chat.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.parley.api.JsonField;
import dev.parley.chat.Retrieval;
import dev.parley.chat.request.RetrievalReader;
import dev.parley.chat.request.ServerToolReader;
import dev.parley.chat.request.ToolReader;
import dev.parley.tool.ToolSelection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The tools of a request for a response, where functions are flat.
///
/// @param fileSearch null when there is no such tool, or it must not be used
/// @param selection the tools of this side
/// @param list and `choice`: as they were given
record ResponseTools(
        ToolReader.Tools functions,
        @Nullable Retrieval fileSearch,
        @Nullable JsonField fileSearchAt,
        ToolSelection selection,
        JsonNode list,
        JsonNode choice) {

    private static final int MAX_TYPE = 64;

    /// @param named tools of this side that are named elsewhere in the request
    static ResponseTools read(JsonField request, ToolSelection named) {
        ToolSelection selection = named;
        Optional<JsonField> tools = request.find("tools");
        Optional<JsonField> choice = request.find("tool_choice");
        var functions = new ArrayList<ToolSpecification>();
        JsonField searchAt = null;
        for (JsonField tool :
                tools.map(field -> field.items(ToolReader.MAX_TOOLS)).orElse(List.of())) {
            JsonField type = tool.get("type");
            switch (type.text(MAX_TYPE)) {
                case "function" -> functions.add(ToolReader.flatFunction(tool));
                case "file_search" -> searchAt = onlyOne(searchAt, tool);
                case "mcp" -> selection = selection.and(ServerToolReader.mcp(tool));
                default -> throw type.unsupported("tools are of type 'function', 'file_search' or 'mcp'.");
            }
        }
        tools.ifPresent(field -> ToolReader.refuseDuplicates(field, functions));
        boolean forbidden =
                choice.filter(field -> field.value().asText().equals("none")).isPresent();
        return new ResponseTools(
                choose(new Choosable(functions, searchAt, !selection.isEmpty()), choice),
                searchAt == null || forbidden ? null : RetrievalReader.fileSearch(searchAt),
                searchAt,
                selection,
                tools.map(JsonField::value).orElseGet(JsonNodeFactory.instance::arrayNode),
                choice.map(JsonField::value).orElseGet(() -> TextNode.valueOf("auto")));
    }

    private static JsonField onlyOne(@Nullable JsonField before, JsonField tool) {
        if (before != null) {
            throw tool.get("type").invalid("only one tool can be of type 'file_search'.");
        }
        return tool;
    }

    /// @param more whether there are tools of this side
    private record Choosable(
            List<ToolSpecification> functions, @Nullable JsonField searchAt, boolean more) {}

    private static ToolReader.Tools choose(Choosable tools, Optional<JsonField> choice) {
        if (choice.isEmpty() || choice.get().value().isTextual()) {
            return required(ToolReader.choose(tools.functions, choice.orElse(null), tools.more), tools.searchAt);
        }
        JsonField named = choice.get();
        return switch (named.get("type").text(MAX_TYPE)) {
            case "function" ->
                ToolReader.named(
                        tools.functions, named.allowOnly(Set.of("type", "name")).get("name"));
            case "file_search" -> searchAlone(tools.functions, tools.searchAt, named.allowOnly(Set.of("type")));
            default -> throw named.get("type").unsupported("choose a 'function' or 'file_search'.");
        };
    }

    /// A search always happens, which is a call of a tool.
    private static ToolReader.Tools required(ToolReader.Tools tools, @Nullable JsonField searchAt) {
        return searchAt != null && tools.choice() == ToolChoice.REQUIRED
                ? new ToolReader.Tools(tools.functions(), ToolChoice.AUTO)
                : tools;
    }

    private static ToolReader.Tools searchAlone(
            List<ToolSpecification> functions, @Nullable JsonField searchAt, JsonField choice) {
        if (searchAt == null) {
            throw choice.invalid("no tool is of type 'file_search'.");
        }
        return new ToolReader.Tools(functions, functions.isEmpty() ? null : ToolChoice.NONE);
    }
}
