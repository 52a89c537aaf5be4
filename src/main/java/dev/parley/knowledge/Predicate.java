package dev.parley.knowledge;

import dev.parley.knowledge.Filter.Comparison;
import dev.parley.knowledge.Filter.Operator;
import dev.parley.postgres.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A [Filter] as a condition in SQL on `a.attributes`. Keys and values are arguments, never text of the statement.
///
/// Values are compared as JSON: a number is never equal to a string, 1 equals 1.0, strings sort by the database's
/// collation. A missing key matches `ne` and `nin` and nothing else.
record Predicate(String sql, List<Object> args) {

    static final Predicate ALWAYS = new Predicate("true", List.of());

    static Predicate of(@Nullable Filter filter, Json json) {
        if (filter == null) {
            return ALWAYS;
        }
        var sql = new StringBuilder();
        var args = new ArrayList<Object>();
        write(filter, json, sql, args);
        return new Predicate(sql.toString(), List.copyOf(args));
    }

    Predicate andNotIn(List<UUID> files) {
        var all = new ArrayList<Object>(args);
        all.add(files);
        return new Predicate("(" + sql + ") AND a.file_id <> ALL (?)", List.copyOf(all));
    }

    private static void write(Filter filter, Json json, StringBuilder sql, List<Object> args) {
        switch (filter) {
            case Comparison comparison -> writeComparison(comparison, json, sql, args);
            case Filter.And(List<Filter> parts) -> writeAll(parts, " AND ", json, sql, args);
            case Filter.Or(List<Filter> parts) -> writeAll(parts, " OR ", json, sql, args);
        }
    }

    private static void writeAll(List<Filter> parts, String joint, Json json, StringBuilder sql, List<Object> args) {
        sql.append('(');
        for (int i = 0; i < parts.size(); i++) {
            sql.append(i == 0 ? "" : joint);
            write(parts.get(i), json, sql, args);
        }
        sql.append(')');
    }

    private static void writeComparison(Comparison comparison, Json json, StringBuilder sql, List<Object> args) {
        Operator operator = comparison.operator();
        args.add(comparison.key());
        switch (operator) {
            case EQ -> sql.append("coalesce(a.attributes -> ? = ?::jsonb, false)");
            case NE -> sql.append("a.attributes -> ? IS DISTINCT FROM ?::jsonb");
            case IN -> sql.append("coalesce(a.attributes -> ? = ANY (?::text[]::jsonb[]), false)");
            case NIN -> sql.append("coalesce(a.attributes -> ? <> ALL (?::text[]::jsonb[]), true)");
            case GT, GTE, LT, LTE -> {
                sql.append("coalesce(jsonb_typeof(a.attributes -> ?) = jsonb_typeof(?::jsonb) AND a.attributes -> ? ")
                        .append(symbol(operator))
                        .append(" ?::jsonb, false)");
                args.add(json.write(comparison.value()));
                args.add(comparison.key());
            }
        }
        args.add(argument(comparison.value(), json));
    }

    private static String symbol(Operator operator) {
        return switch (operator) {
            case GT -> ">";
            case GTE -> ">=";
            case LT -> "<";
            case LTE -> "<=";
            case EQ, NE, IN, NIN -> throw new IllegalArgumentException(operator.name());
        };
    }

    private static Object argument(Object value, Json json) {
        return value instanceof List<?> values
                ? values.stream().map(json::write).toList()
                : json.write(value);
    }
}
