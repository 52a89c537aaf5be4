package dev.parley.chat.request;

import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.parley.api.JsonField;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads `response_format`, or `text.format`. A schema passes to the provider as it is.
public final class ResponseFormatReader {

    private static final int MAX_DESCRIPTION = 16_384;
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

    private ResponseFormatReader() {}

    /// As chat completions have it.
    public static ResponseFormat read(JsonField format) {
        return switch (format.get("type").oneOf(Set.of("text", "json_object", "json_schema"))) {
            case "json_schema" ->
                schema(format.allowOnly(Set.of("type", "json_schema"))
                        .get("json_schema")
                        .allowOnly(Set.of("name", "description", "schema", "strict")));
            case "json_object" -> {
                format.allowOnly(Set.of("type"));
                yield ResponseFormat.JSON;
            }
            default -> {
                format.allowOnly(Set.of("type"));
                yield ResponseFormat.TEXT;
            }
        };
    }

    /// As responses have it, under `text.format`.
    public static ResponseFormat readFlat(JsonField format) {
        return format.get("type").value().asText().equals("json_schema")
                ? schema(format.allowOnly(Set.of("type", "name", "description", "schema", "strict")))
                : read(format);
    }

    /// Null when it does not say.
    public static @Nullable Boolean isStrict(JsonField format) {
        return format.find("json_schema")
                .flatMap(schema -> schema.find("strict"))
                .map(JsonField::bool)
                .orElse(null);
    }

    private static ResponseFormat schema(JsonField format) {
        format.find("description").ifPresent(text -> text.text(MAX_DESCRIPTION));
        JsonField name = format.get("name");
        if (!NAME.matcher(name.text(64)).matches()) {
            throw name.invalid("expected 1 to 64 letters, digits, underscores or dashes.");
        }
        String schema = format.get("schema").object().value().toString();
        return ResponseFormat.builder()
                .type(ResponseFormatType.JSON)
                .jsonSchema(JsonSchema.builder()
                        .name(name.value().textValue())
                        .rootElement(JsonRawSchema.from(schema))
                        .build())
                .build();
    }
}
