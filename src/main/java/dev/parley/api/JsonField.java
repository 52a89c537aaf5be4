package dev.parley.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A value in a request that knows its path, so that every complaint names the field as the client wrote it:
/// `messages[2].tool_call_id`. A JSON null counts as absent.
public record JsonField(String path, JsonNode value) {

    /// The request's body.
    public static JsonField root(JsonNode body) {
        if (!body.isObject()) {
            throw Problem.of(
                    ProblemKind.INVALID_REQUEST, "invalid_json", "The request needs a JSON object as its body.");
        }
        return new JsonField("", body);
    }

    /// The member with this name; empty when it is absent or null.
    public Optional<JsonField> find(String name) {
        JsonNode child = object().value.get(name);
        return child == null || child.isNull() ? Optional.empty() : Optional.of(new JsonField(pathTo(name), child));
    }

    public JsonField get(String name) {
        return find(name).orElseThrow(() -> Problem.missing(pathTo(name)));
    }

    /// Refuses every member but these.
    public JsonField allowOnly(Set<String> names) {
        object().value.fieldNames().forEachRemaining(name -> {
            if (!names.contains(name)) {
                throw Problem.unknown(pathTo(name));
            }
        });
        return this;
    }

    public JsonField object() {
        if (!value.isObject()) {
            throw Problem.wrongType(path, "an object");
        }
        return this;
    }

    public List<JsonField> items(int max) {
        if (!value.isArray()) {
            throw Problem.wrongType(path, "an array");
        }
        if (value.size() > max) {
            throw invalid("array too long. Expected at most %d items, but got %d.".formatted(max, value.size()));
        }
        var items = new ArrayList<JsonField>(value.size());
        for (JsonNode item : value) {
            items.add(new JsonField(path + "[" + items.size() + "]", item));
        }
        return items;
    }

    public String text(int maxLength) {
        if (!value.isTextual()) {
            throw Problem.wrongType(path, "a string");
        }
        String text = value.textValue();
        if (text.length() > maxLength) {
            throw invalid(
                    "string too long. Expected at most %d characters, but got %d.".formatted(maxLength, text.length()));
        }
        return text;
    }

    public String oneOf(Set<String> values) {
        String text = text(Integer.MAX_VALUE);
        if (!values.contains(text)) {
            throw invalid("unknown value. Supported values are: "
                    + values.stream().sorted().map("'%s'"::formatted).collect(Collectors.joining(", ")) + ".");
        }
        return text;
    }

    public boolean bool() {
        if (!value.isBoolean()) {
            throw Problem.wrongType(path, "a boolean");
        }
        return value.booleanValue();
    }

    public double number(double min, double max) {
        if (!value.isNumber()) {
            throw Problem.wrongType(path, "a number");
        }
        double number = value.doubleValue();
        if (!(number >= min && number <= max)) {
            throw invalid("must be between %s and %s.".formatted(plain(min), plain(max)));
        }
        return number;
    }

    public int integer(int min, int max) {
        if (!value.isIntegralNumber()) {
            throw Problem.wrongType(path, "an integer");
        }
        if (!value.canConvertToInt() || value.intValue() < min || value.intValue() > max) {
            throw invalid("must be between %d and %d.".formatted(min, max));
        }
        return value.intValue();
    }

    public long count(long min, long max) {
        if (!value.isIntegralNumber()) {
            throw Problem.wrongType(path, "an integer");
        }
        if (!value.canConvertToLong() || value.longValue() < min || value.longValue() > max) {
            throw invalid("must be between %d and %d.".formatted(min, max));
        }
        return value.longValue();
    }

    public Problem invalid(String complaint) {
        return Problem.invalid(path, "Invalid '%s': %s".formatted(path, complaint));
    }

    public Problem unsupported(String complaint) {
        return Problem.unsupported(path, "Unsupported '%s': %s".formatted(path, complaint));
    }

    private String pathTo(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }
}
