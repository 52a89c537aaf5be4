package dev.parley.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.api.JsonField;
import dev.parley.model.ChatModels;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads what a new version says. Whether its tools and vector stores exist is found out by the turn, since they
/// come and go while a version stays.
final class ContentReader {

    static final Set<String> MEMBERS = Set.of("messages", "variables", "model", "settings", "tools", "knowledge");

    private static final Set<String> SETTINGS =
            Set.of("temperature", "top_p", "max_output_tokens", "response_format", "stop", "seed");
    private static final Set<String> KNOWLEDGE =
            Set.of("vector_store_ids", "max_num_results", "filters", "ranking_options");
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant");
    private static final Set<String> FORMATS = Set.of("text", "json_object", "json_schema");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");
    private static final int MAX_MESSAGES = 64;
    private static final int MAX_CONTENT = 100_000;
    private static final int MAX_VARIABLES = 64;
    private static final int MAX_MODEL = 256;
    private static final int MAX_TOOLS = 128;
    private static final int MAX_NAME = 64;
    private static final int MAX_STORES = 10;
    private static final int MAX_RESULTS = 50;
    private static final int MAX_STOPS = 4;

    private final ChatModels models;

    ContentReader(ChatModels models) {
        this.models = models;
    }

    /// @throws dev.parley.problem.Problem (400), or (404, `model_not_found`)
    PromptContent read(JsonField version) {
        Map<String, Variable> variables =
                version.find("variables").map(ContentReader::variables).orElse(Map.of());
        return new PromptContent(
                messages(version.get("messages"), variables.keySet()),
                PromptContent.sorted(variables),
                version.find("model").map(this::model).orElse(null),
                version.find("settings").map(ContentReader::settings).orElseGet(JsonNodeFactory.instance::objectNode),
                version.find("tools").map(ContentReader::tools).orElse(List.of()),
                version.find("knowledge").map(ContentReader::knowledge).orElse(null));
    }

    private String model(JsonField model) {
        return models.info(model.text(MAX_MODEL)).alias();
    }

    private static List<PromptMessage> messages(JsonField messages, Set<String> declared) {
        List<JsonField> items = messages.items(MAX_MESSAGES);
        if (items.isEmpty()) {
            throw messages.invalid("expected at least one message.");
        }
        return items.stream().map(item -> message(item, declared)).toList();
    }

    private static PromptMessage message(JsonField item, Set<String> declared) {
        item.allowOnly(Set.of("role", "content"));
        JsonField content = item.get("content");
        String text = content.text(MAX_CONTENT);
        if (text.isBlank()) {
            throw content.invalid("it is blank.");
        }
        for (String name : Template.variables(text)) {
            if (!declared.contains(name)) {
                throw content.invalid("'{{%s}}' is not among 'variables'. A backslash before it makes it plain text."
                        .formatted(name));
            }
        }
        return new PromptMessage(item.get("role").oneOf(ROLES), text);
    }

    private static Map<String, Variable> variables(JsonField variables) {
        var read = new HashMap<String, Variable>();
        variables.object().value().fieldNames().forEachRemaining(name -> {
            if (!NAME.matcher(name).matches()) {
                throw variables.invalid("names have 1 to 64 letters, digits and underscores, and no digit first.");
            }
            read.put(name, Variable.read(variables.get(name)));
        });
        if (read.size() > MAX_VARIABLES) {
            throw variables.invalid("expected at most %d.".formatted(MAX_VARIABLES));
        }
        return read;
    }

    private static JsonNode settings(JsonField settings) {
        settings.allowOnly(SETTINGS);
        ObjectNode read = JsonNodeFactory.instance.objectNode();
        settings.find("temperature").ifPresent(field -> read.put("temperature", field.number(0, 2)));
        settings.find("top_p").ifPresent(field -> read.put("top_p", field.number(0, 1)));
        settings.find("max_output_tokens")
                .ifPresent(field -> read.put("max_output_tokens", field.integer(1, Integer.MAX_VALUE)));
        settings.find("response_format").ifPresent(field -> read.set("response_format", format(field)));
        settings.find("stop").ifPresent(field -> {
            var stops = read.putArray("stop");
            field.items(MAX_STOPS).forEach(stop -> stops.add(stop.text(1024)));
        });
        settings.find("seed").ifPresent(field -> read.put("seed", field.integer(Integer.MIN_VALUE, Integer.MAX_VALUE)));
        return read;
    }

    /// As chat completions have it.
    private static JsonNode format(JsonField format) {
        if (format.get("type").oneOf(FORMATS).equals("json_schema")) {
            JsonField schema = format.allowOnly(Set.of("type", "json_schema"))
                    .get("json_schema")
                    .allowOnly(Set.of("name", "description", "schema", "strict"));
            schema.get("name").text(MAX_NAME);
            schema.get("schema").object();
            schema.find("strict").ifPresent(JsonField::bool);
        } else {
            format.allowOnly(Set.of("type"));
        }
        return format.value();
    }

    private static List<String> tools(JsonField tools) {
        return tools.items(MAX_TOOLS).stream()
                .map(tool -> tool.text(MAX_NAME))
                .distinct()
                .sorted()
                .toList();
    }

    private static JsonNode knowledge(JsonField knowledge) {
        JsonField stores = knowledge.allowOnly(KNOWLEDGE).get("vector_store_ids");
        if (stores.items(MAX_STORES).isEmpty()) {
            throw stores.invalid("expected at least one vector store.");
        }
        stores.items(MAX_STORES).forEach(store -> store.text(MAX_NAME));
        knowledge.find("max_num_results").ifPresent(most -> most.integer(1, MAX_RESULTS));
        knowledge.find("filters").ifPresent(JsonField::object);
        knowledge.find("ranking_options").ifPresent(JsonField::object);
        return knowledge.value();
    }
}
