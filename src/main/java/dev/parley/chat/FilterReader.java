package dev.parley.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.JsonField;
import dev.parley.knowledge.Filter;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Reads OpenAI's attribute filters: comparisons, and compounds of them.
final class FilterReader {

    private static final int MAX_DEPTH = 5;
    private static final int MAX_FILTERS = 50;
    private static final int MAX_KEY = 64;
    private static final int MAX_VALUE = 512;
    private static final Set<String> TYPES = Set.of("eq", "ne", "gt", "gte", "lt", "lte", "in", "nin", "and", "or");

    private FilterReader() {}

    static Filter read(JsonField filter) {
        return read(filter, MAX_DEPTH);
    }

    private static Filter read(JsonField filter, int depth) {
        if (depth == 0) {
            throw filter.invalid("filters may be nested %d deep.".formatted(MAX_DEPTH));
        }
        String type = filter.get("type").oneOf(TYPES);
        return switch (type) {
            case "and" -> new Filter.And(parts(filter, depth));
            case "or" -> new Filter.Or(parts(filter, depth));
            default -> comparison(filter, Filter.Operator.valueOf(type.toUpperCase(Locale.ROOT)));
        };
    }

    private static List<Filter> parts(JsonField filter, int depth) {
        JsonField filters = filter.allowOnly(Set.of("type", "filters")).get("filters");
        List<JsonField> parts = filters.items(MAX_FILTERS);
        if (parts.isEmpty()) {
            throw filters.invalid("expected at least one filter.");
        }
        return parts.stream().map(part -> read(part, depth - 1)).toList();
    }

    private static Filter comparison(JsonField filter, Filter.Operator operator) {
        filter.allowOnly(Set.of("type", "key", "value"));
        String key = filter.get("key").text(MAX_KEY);
        JsonField value = filter.get("value");
        return new Filter.Comparison(
                key,
                operator,
                switch (operator) {
                    case IN, NIN ->
                        value.items(MAX_FILTERS).stream()
                                .map(FilterReader::scalar)
                                .toList();
                    case GT, GTE, LT, LTE -> ordered(value);
                    case EQ, NE -> scalar(value);
                });
    }

    private static Object ordered(JsonField value) {
        if (value.value().isBoolean()) {
            throw value.invalid("booleans have no order; compare them with 'eq' or 'ne'.");
        }
        return scalar(value);
    }

    private static Object scalar(JsonField value) {
        JsonNode json = value.value();
        if (json.isNumber()) {
            return json.doubleValue();
        }
        return json.isBoolean() ? (Object) json.booleanValue() : value.text(MAX_VALUE);
    }
}
