package dev.parley.batch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.JsonField;
import dev.parley.batch.InputLines.InputLine;
import dev.parley.postgres.Json;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Reads one line of an input file.
final class LineReader {

    private static final int MAX_CUSTOM_ID = 512;

    private final Json json;
    private final String endpoint;

    LineReader(Json json, String endpoint) {
        this.json = json;
        this.endpoint = endpoint;
    }

    /// @param model null when the body names none
    /// @param body JSON
    record Request(String customId, @Nullable String model, String body) {}

    /// @throws Problem telling what is wrong with it
    Request read(InputLine line) {
        JsonField root = new JsonField("", tree(line)).object();
        String customId = customId(root.get("custom_id"));
        if (!root.get("method").text(MAX_CUSTOM_ID).equals("POST")) {
            throw problem("invalid_method", "method", "The method of a request in a batch must be 'POST'.");
        }
        if (!root.get("url").text(MAX_CUSTOM_ID).equals(endpoint)) {
            throw problem("invalid_url", "url", "The URL provided for this request does not match the batch endpoint.");
        }
        JsonNode body = root.get("body").object().value();
        JsonNode model = body.path("model");
        return new Request(customId, model.isTextual() ? model.textValue() : null, body.toString());
    }

    private JsonNode tree(InputLine line) {
        if (line.text() == null) {
            throw problem("line_too_long", null, "This line is too long.");
        }
        try {
            JsonNode tree = json.body(line.text().getBytes(StandardCharsets.UTF_8));
            if (tree.isObject()) {
                return tree;
            }
        } catch (IOException notJson) {
            // told below
        }
        throw problem("invalid_json_line", null, "This line is not parseable as valid JSON.");
    }

    private static String customId(JsonField field) {
        String id = field.text(MAX_CUSTOM_ID);
        if (id.isEmpty() || id.indexOf('\0') >= 0) {
            throw field.invalid("it has 1 to %d characters, none of them NUL.".formatted(MAX_CUSTOM_ID));
        }
        return id;
    }

    static Problem duplicate() {
        return problem(
                "duplicate_custom_id",
                "custom_id",
                "The custom_id for this request is a duplicate of another request. "
                        + "The custom_id parameter must be unique for each request in a batch.");
    }

    private static Problem problem(String code, @Nullable String param, String message) {
        return new LineProblem(code, param, message);
    }

    private static final class LineProblem extends Problem {
        LineProblem(String code, @Nullable String param, String message) {
            super(ProblemKind.INVALID_REQUEST, code, param, message);
        }
    }
}
