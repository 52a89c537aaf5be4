package dev.parley.knowledge;

import java.util.List;

/// A condition on file attributes: OpenAI's comparison and compound filters.
public sealed interface Filter {

    /// @param value `String`, `Double` or `Boolean`, or a list of them for `IN` and `NIN`
    record Comparison(String key, Operator operator, Object value) implements Filter {}

    record And(List<Filter> filters) implements Filter {}

    record Or(List<Filter> filters) implements Filter {}

    enum Operator {
        EQ,
        NE,
        GT,
        GTE,
        LT,
        LTE,
        IN,
        NIN
    }
}
