package dev.parley.ingestion;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/// One JSON value as lines of "path: value", such as `owner.name: Ann` or `tags: new`. Read token by token: a tree
/// would take many times the file's size.
final class JsonRecord {

    private final JsonParser json;
    private final int maxCharacters;
    private final StringBuilder lines = new StringBuilder();

    private JsonRecord(JsonParser json, int maxCharacters) {
        this.json = json;
        this.maxCharacters = maxCharacters;
    }

    /// Reads the value whose first token is the current one.
    ///
    /// @throws IngestionFailure when its lines, which repeat names, get longer than that
    static String read(JsonParser json, String name, int maxCharacters) throws IOException {
        var value = new JsonRecord(json, maxCharacters);
        value.append(name);
        return value.lines.toString();
    }

    private void append(String path) throws IOException {
        switch (json.currentToken()) {
            case START_OBJECT -> {
                while (json.nextToken() != JsonToken.END_OBJECT) {
                    String name = json.currentName();
                    json.nextToken();
                    append(path.isEmpty() ? name : path + "." + name);
                }
            }
            case START_ARRAY -> {
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    append(path);
                }
            }
            case VALUE_NULL -> {}
            default -> line(path, json.getText());
        }
    }

    private void line(String path, String value) {
        lines.append(lines.isEmpty() ? "" : "\n");
        lines.append(path).append(path.isEmpty() ? "" : ": ").append(value);
        if (lines.length() > maxCharacters) {
            throw DocumentBuilder.tooLong(maxCharacters);
        }
    }
}
