package dev.parley.usage;

import dev.parley.problem.Problem;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// By what usage is told apart within a day.
enum Grouping {
    MODEL("model", "NULL::text"),
    USER("user_id", "NULL::text"),
    KEY("key_id", "NULL::uuid");

    private final String column;
    private final String absent;

    Grouping(String column, String absent) {
        this.column = column;
        this.absent = absent;
    }

    /// As the ledger has it.
    String column() {
        return column;
    }

    /// What stands in its place when it is not asked for.
    String absent() {
        return absent;
    }

    /// @param values repeated, or separated by commas
    /// @throws Problem (400) that names `group_by`
    static Set<Grouping> read(List<String> values) {
        var groupings = EnumSet.noneOf(Grouping.class);
        values.stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .map(Grouping::of)
                .forEach(groupings::add);
        return groupings;
    }

    private static Grouping of(String code) {
        return switch (code.strip().toLowerCase(Locale.ROOT)) {
            case "model" -> MODEL;
            case "user", "user_id" -> USER;
            case "key", "api_key_id" -> KEY;
            default -> throw Problem.invalid("group_by", "'group_by' is any of 'model', 'user' and 'key'.");
        };
    }
}
