package dev.parley.knowledge;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.knowledge.Filter.Operator;
import dev.parley.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads OpenAI's `filters`: comparisons and compounds of them, as deep and as many as a search can bear.
public final class FilterParser {

    private static final int MAX_DEPTH = 5;
    private static final int MAX_FILTERS = 100;
    private static final int MAX_KEY = 64;

    private int filters;

    private FilterParser() {}

    /// @param param where the filter stands in the request
    /// @throws Problem (400) naming the part of the filter that is wrong
    public static Filter parse(JsonNode node, String param) {
        return new FilterParser().filter(node, param, 1);
    }

    private Filter filter(JsonNode node, String param, int depth) {
        if (depth > MAX_DEPTH || ++filters > MAX_FILTERS) {
            throw Problem.invalid(param, "Filters may be %d deep and %d in number.".formatted(MAX_DEPTH, MAX_FILTERS));
        }
        String type = node.path("type").asText();
        return switch (type) {
            case "and" -> new Filter.And(parts(node, param, depth));
            case "or" -> new Filter.Or(parts(node, param, depth));
            default -> comparison(node, param, operator(type, param));
        };
    }

    private List<Filter> parts(JsonNode node, String param, int depth) {
        JsonNode parts = node.path("filters");
        if (!parts.isArray() || parts.isEmpty()) {
            throw Problem.invalid(param + ".filters", "A compound filter needs a list of 'filters'.");
        }
        var result = new ArrayList<Filter>();
        for (JsonNode part : parts) {
            result.add(filter(part, "%s.filters[%d]".formatted(param, result.size()), depth + 1));
        }
        return List.copyOf(result);
    }

    private static Filter comparison(JsonNode node, String param, Operator operator) {
        String key = node.path("key").asText();
        if (!node.path("key").isTextual() || key.isEmpty() || key.length() > MAX_KEY || key.indexOf('\0') >= 0) {
            throw Problem.invalid(
                    param + ".key", "A comparison needs a 'key' of 1 to %d characters.".formatted(MAX_KEY));
        }
        return new Filter.Comparison(key, operator, value(node.path("value"), param + ".value", operator));
    }

    private static Object value(JsonNode node, String param, Operator operator) {
        return switch (operator) {
            case EQ, NE -> scalar(node, param);
            case GT, GTE, LT, LTE -> ordered(scalar(node, param), param);
            case IN, NIN -> list(node, param);
        };
    }

    private static Object ordered(Object value, String param) {
        if (value instanceof Boolean) {
            throw Problem.invalid(param, "Booleans have no order; compare them with 'eq' or 'ne'.");
        }
        return value;
    }

    private static List<Object> list(JsonNode node, String param) {
        if (!node.isArray() || node.size() > MAX_FILTERS) {
            throw Problem.invalid(param, "'in' and 'nin' need a list of at most %d values.".formatted(MAX_FILTERS));
        }
        var values = new ArrayList<Object>();
        node.forEach(value -> values.add(scalar(value, "%s[%d]".formatted(param, values.size()))));
        return List.copyOf(values);
    }

    private static Object scalar(JsonNode node, String param) {
        @Nullable
        Object value =
                switch (node.getNodeType()) {
                    case STRING -> node.textValue().indexOf('\0') < 0 ? node.textValue() : null;
                    case NUMBER -> Double.isFinite(node.doubleValue()) ? node.doubleValue() : null;
                    case BOOLEAN -> node.booleanValue();
                    default -> null;
                };
        if (value == null) {
            throw Problem.invalid(param, "A comparison needs a 'value': a string, a number or a boolean.");
        }
        return value;
    }

    private static Operator operator(String type, String param) {
        for (Operator operator : Operator.values()) {
            if (operator.name().toLowerCase(Locale.ROOT).equals(type)) {
                return operator;
            }
        }
        throw Problem.invalid(param + ".type", "'type' must be one of eq, ne, gt, gte, lt, lte, in, nin, and, or.");
    }
}
