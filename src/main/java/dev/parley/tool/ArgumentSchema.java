package dev.parley.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What the arguments of a tool are held to: a JSON schema of an object, draft 2020-12.
///
/// Admins write schemas, so nothing in one is fetched, and no pattern takes longer than it may.
final class ArgumentSchema {

    private static final int MAX_LENGTH = 32 * 1024;
    private static final int MAX_DEPTH = 32;
    private static final int TOLD = 5; // errors at once

    private static final SchemaRegistryConfig CONFIG = SchemaRegistryConfig.builder()
            .locale(Locale.ENGLISH)
            .regularExpressionFactory(BoundedPattern::compile)
            .build();
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemaRegistryConfig(CONFIG).schemaCacheEnabled(false));

    private final Schema schema;

    private ArgumentSchema(Schema schema) {
        this.schema = schema;
    }

    /// @throws IllegalArgumentException that says why it is no schema of an object
    static ArgumentSchema of(JsonNode schema) {
        if (!schema.path("type").asText().equals("object")) {
            throw new IllegalArgumentException("its 'type' must be 'object'");
        }
        if (schema.toString().length() > MAX_LENGTH) {
            throw new IllegalArgumentException("it is longer than %d characters".formatted(MAX_LENGTH));
        }
        checkReferences(schema, 0);
        List<Error> errors = REGISTRY.getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()))
                .validate(schema);
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(told(errors));
        }
        return new ArgumentSchema(compiled(schema));
    }

    private static Schema compiled(JsonNode schema) {
        try {
            Schema compiled = REGISTRY.getSchema(schema);
            compiled.initializeValidators();
            return compiled;
        } catch (RuntimeException unreadable) {
            throw new IllegalArgumentException("it cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    /// References stay within the schema: an address would be fetched, or stand for something else tomorrow.
    private static void checkReferences(JsonNode node, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("it is nested deeper than %d levels".formatted(MAX_DEPTH));
        }
        for (String keyword : List.of("$ref", "$dynamicRef", "$schema", "$id")) {
            JsonNode reference = node.get(keyword);
            if (reference != null && reference.isTextual() && !isAllowed(keyword, reference.textValue())) {
                throw new IllegalArgumentException("'%s' must not lead out of it".formatted(keyword));
            }
        }
        node.forEach(child -> checkReferences(child, depth + 1));
    }

    private static boolean isAllowed(String keyword, String value) {
        return switch (keyword) {
            case "$ref", "$dynamicRef" -> value.startsWith("#");
            case "$schema" -> value.equals(SpecificationVersion.DRAFT_2020_12.getDialectId());
            default -> false;
        };
    }

    /// @throws ToolFailure that tells the model which argument is wrong, and how
    void check(JsonNode arguments) {
        List<Error> errors;
        try {
            errors = schema.validate(arguments);
        } catch (StackOverflowError tooMuch) {
            throw ToolFailure.withoutEffect("The arguments are nested too deep for the tool's schema.");
        } catch (BoundedPattern.TooLong endless) { // some validators of the library pass it on, some do not
            throw ToolFailure.withoutEffect("An argument cannot be matched with its pattern in the schema.");
        }
        if (!errors.isEmpty()) {
            throw ToolFailure.withoutEffect("The arguments do not fit the tool: %s.".formatted(told(errors)));
        }
    }

    private static String told(List<Error> errors) {
        return errors.stream().limit(TOLD).map(ArgumentSchema::told).collect(Collectors.joining("; "));
    }

    private static String told(Error error) {
        String where = String.valueOf(error.getInstanceLocation()).replaceFirst("^/", "");
        return where.isEmpty() ? error.getMessage() : "'%s' %s".formatted(where.replace('/', '.'), error.getMessage());
    }
}
