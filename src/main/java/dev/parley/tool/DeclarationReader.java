package dev.parley.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.api.JsonField;
import dev.parley.identity.Scopes;
import dev.parley.knowledge.VectorStoreId;
import dev.parley.problem.Problem;
import dev.parley.tool.ToolInfo.Traits;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads what an admin declares, when it comes and when it is loaded again. What it finds out needs nothing but the
/// text: the rest is [DeclarationCheck]'s.
final class DeclarationReader {

    static final String TYPE = "type";
    static final String PARAMETERS = "parameters";
    static final Set<String> TYPES = Set.of("http", "sql", "knowledge");

    private static final Set<String> COMMON =
            Set.of("name", "description", TYPE, PARAMETERS, "scopes", "approval", "timeout_ms");
    private static final int MAX_DESCRIPTION = 4000;
    private static final int MAX_SCOPES = 10;
    private static final int MIN_TIMEOUT = 100;
    private static final int MAX_TIMEOUT = 300_000;
    private static final int DEFAULT_TIMEOUT = 10_000;
    private static final int MAX_QUERY = 4000;
    private static final int MAX_VIEWS = 20;
    private static final Pattern VIEW = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    private DeclarationReader() {}

    /// @throws Problem (400) that names what is wrong
    static Declaration read(JsonNode definition) {
        JsonField body = JsonField.root(definition);
        return switch (body.get(TYPE).oneOf(TYPES)) {
            case "http" -> http(body);
            case "sql" -> sql(body);
            default -> knowledge(body);
        };
    }

    private static Declaration http(JsonField body) {
        allowOnly(body, HttpReader.FIELDS);
        JsonNode parameters = parameters(body);
        Recipe.Http recipe = HttpReader.read(body, parameters);
        boolean effects =
                body.find("effects").map(JsonField::bool).orElse(HttpReader.changesSomething(recipe.method()));
        return declaration(body, parameters, effects, recipe);
    }

    private static Declaration sql(JsonField body) {
        allowOnly(body, Set.of("database", "views", "statement"));
        List<String> views = body.get("views").items(MAX_VIEWS).stream()
                .map(DeclarationReader::view)
                .distinct()
                .toList();
        if (views.isEmpty()) {
            throw body.get("views").invalid("expected at least one view.");
        }
        String statement =
                body.find("statement").map(field -> field.text(MAX_QUERY)).orElse(null);
        JsonNode parameters = statement == null ? queryParameters(body) : parameters(body);
        if (statement != null) {
            checkStatement(body, statement, parameters);
        }
        var recipe = new Recipe.Sql(body.get("database").text(64), views, statement, timeout(body));
        return declaration(body, parameters, false, recipe);
    }

    private static String view(JsonField field) {
        String name = field.text(63);
        if (!VIEW.matcher(name).matches()) {
            throw field.invalid("expected the name of a view, without its schema.");
        }
        return name;
    }

    private static void checkStatement(JsonField body, String statement, JsonNode parameters) {
        try {
            var unknown = new HashSet<>(SelectText.read(statement).parameters());
            unknown.removeAll(properties(parameters));
            if (!unknown.isEmpty()) {
                throw body.get("statement")
                        .invalid("':%s' is not among the parameters."
                                .formatted(unknown.iterator().next()));
            }
        } catch (IllegalArgumentException refused) {
            throw body.get("statement").invalid(refused.getMessage() + ".");
        }
    }

    private static Declaration knowledge(JsonField body) {
        allowOnly(body, Set.of("vector_store_ids", "max_results"));
        List<String> stores = body.get("vector_store_ids").items(KnowledgeSearch.MAX_STORES).stream()
                .map(field -> VectorStoreId.parse(field.text(100)).toString())
                .toList();
        if (stores.isEmpty()) {
            throw body.get("vector_store_ids").invalid("expected at least one vector store.");
        }
        int most = body.find("max_results")
                .map(field -> field.integer(1, KnowledgeSearch.MAX_RESULTS))
                .orElse(KnowledgeSearch.DEFAULT_RESULTS);
        return declaration(body, queryParameters(body), false, new Recipe.Knowledge(stores, most));
    }

    private static void allowOnly(JsonField body, Set<String> own) {
        var all = new HashSet<>(COMMON);
        all.addAll(own);
        body.allowOnly(all);
    }

    private static Declaration declaration(JsonField body, JsonNode parameters, boolean effects, Recipe recipe) {
        JsonField name = body.get("name");
        if (!ToolNames.isWellFormed(name.text(64))) {
            throw name.invalid("expected letters, digits and single '_' or '-'.");
        }
        JsonField description = body.get("description");
        if (description.text(MAX_DESCRIPTION).isBlank()) {
            throw description.invalid("models choose tools by it: say when to use this one.");
        }
        boolean approval = body.find("approval").map(JsonField::bool).orElse(false);
        var info = new ToolInfo(
                name.value().textValue(),
                description.value().textValue(),
                parameters,
                new Traits(scopes(body), effects, approval),
                timeout(body),
                null);
        return new Declaration(info, recipe, body.value());
    }

    private static Set<String> scopes(JsonField body) {
        var scopes = new LinkedHashSet<String>();
        for (JsonField field :
                body.find("scopes").map(all -> all.items(MAX_SCOPES)).orElse(List.of())) {
            String scope = field.text(100);
            if (!Scopes.isOfTools(scope)) {
                throw field.invalid("scopes of tools are 'tool:' and a name in lower case.");
            }
            scopes.add(scope);
        }
        return scopes;
    }

    private static Duration timeout(JsonField body) {
        return Duration.ofMillis(body.find("timeout_ms")
                .map(field -> field.integer(MIN_TIMEOUT, MAX_TIMEOUT))
                .orElse(DEFAULT_TIMEOUT));
    }

    /// Only what the schema names gets through, unless it says otherwise: what is not named would reach a server that
    /// may know what to do with it.
    private static JsonNode parameters(JsonField body) {
        JsonField field = body.find(PARAMETERS).orElse(new JsonField(PARAMETERS, emptySchema()));
        ObjectNode schema = field.object().value().deepCopy();
        if (!schema.has("additionalProperties")) {
            schema.put("additionalProperties", false);
        }
        try {
            ArgumentSchema.of(schema);
        } catch (IllegalArgumentException wrong) {
            throw field.invalid(wrong.getMessage() + ".");
        }
        return schema;
    }

    private static ObjectNode emptySchema() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode().put(TYPE, "object");
        schema.putObject("properties");
        return schema;
    }

    private static JsonNode queryParameters(JsonField body) {
        if (body.find(PARAMETERS).isPresent()) {
            throw Problem.invalid(
                    PARAMETERS, "Invalid '%s': this tool takes a query and nothing else.".formatted(PARAMETERS));
        }
        ObjectNode schema = emptySchema();
        schema.withObject("properties")
                .putObject("query")
                .put(TYPE, "string")
                .put("minLength", 1)
                .put("maxLength", MAX_QUERY);
        schema.putArray("required").add("query");
        return schema.put("additionalProperties", false);
    }

    static Set<String> properties(JsonNode parameters) {
        var names = new HashSet<String>();
        parameters.path("properties").fieldNames().forEachRemaining(names::add);
        return names;
    }
}
