package dev.parley.tool;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// A query that a model or an admin wrote, read word by word before the database does.
///
/// It does not know SQL's grammar and does not have to: the query is put in parentheses, where Postgres accepts nothing
/// but a `SELECT`. It sees to it that the parentheses hold, that no function is called which is not on the list, and
// that
/// no catalog is named. What could make Postgres see other words than it does (comments, dollar quotes, escapes) is
/// refused.
///
/// @param sql with `?` for each of the parameters
/// @param words identifiers as Postgres reads them
record SelectText(String sql, List<String> parameters, Set<String> words) {

    /// Functions that compute: none that waits, locks, makes something large of something small, reads the server or
    /// changes its settings.
    private static final Set<String> FUNCTIONS = Set.of(
            "abs",
            "avg",
            "bool_and",
            "bool_or",
            "btrim",
            "ceil",
            "ceiling",
            "char_length",
            "coalesce",
            "concat",
            "concat_ws",
            "corr",
            "count",
            "cume_dist",
            "date",
            "date_part",
            "date_trunc",
            "dense_rank",
            "div",
            "every",
            "exp",
            "extract",
            "first_value",
            "floor",
            "greatest",
            "initcap",
            "lag",
            "last_value",
            "lead",
            "least",
            "left",
            "length",
            "ln",
            "log",
            "lower",
            "ltrim",
            "make_date",
            "max",
            "min",
            "mod",
            "mode",
            "nth_value",
            "ntile",
            "nullif",
            "percent_rank",
            "percentile_cont",
            "percentile_disc",
            "position",
            "power",
            "rank",
            "replace",
            "right",
            "round",
            "row_number",
            "rtrim",
            "sign",
            "split_part",
            "sqrt",
            "starts_with",
            "stddev",
            "stddev_pop",
            "stddev_samp",
            "strpos",
            "substr",
            "substring",
            "sum",
            "to_char",
            "to_date",
            "trim",
            "trunc",
            "upper",
            "var_pop",
            "var_samp",
            "variance",
            "width_bucket");

    /// Words before a parenthesis that call nothing.
    private static final Set<String> KEYWORDS = Set.of(
            "all",
            "and",
            "any",
            "as",
            "between",
            "by",
            "case",
            "cast",
            "char",
            "cross",
            "cube",
            "decimal",
            "distinct",
            "else",
            "end",
            "except",
            "exists",
            "filter",
            "from",
            "full",
            "group",
            "grouping",
            "having",
            "ilike",
            "in",
            "inner",
            "intersect",
            "interval",
            "is",
            "join",
            "left",
            "like",
            "limit",
            "materialized",
            "not",
            "numeric",
            "offset",
            "on",
            "or",
            "order",
            "over",
            "partition",
            "right",
            "rollup",
            "select",
            "sets",
            "some",
            "then",
            "union",
            "using",
            "values",
            "varchar",
            "when",
            "where",
            "with",
            "within");

    /// They stand for something about the server, without parentheses, or could run for ever.
    private static final Set<String> REFUSED = Set.of(
            "current_catalog",
            "current_role",
            "current_schema",
            "current_user",
            "information_schema",
            "into",
            "lateral",
            "recursive",
            "session_user",
            "system_user",
            "tablesample",
            "user",
            "for");

    private static final String PUNCTUATION = "()[],.*+-/%<>=!|^&~#@:";

    /// @throws IllegalArgumentException that says what is not allowed
    static SelectText read(String query) {
        return new Scanner(query).read();
    }

    private static final class Scanner {

        private final String text;
        private final StringBuilder sql = new StringBuilder();
        private final List<String> parameters = new ArrayList<>();
        private final Set<String> words = new TreeSet<>();
        private int at;
        private int depth;

        Scanner(String text) {
            this.text = text;
        }

        SelectText read() {
            while (at < text.length()) {
                step(text.charAt(at));
            }
            if (depth != 0) {
                throw new IllegalArgumentException("a parenthesis is not closed");
            }
            return new SelectText(sql.toString(), List.copyOf(parameters), words);
        }

        private void step(char c) {
            if (c == '\'') {
                string();
            } else if (c == '"') {
                quotedName();
            } else if (isStart(c)) {
                word();
            } else if (isDigit(c)) {
                number();
            } else if (c == ':' && next() != ':' && isStart(next()) && !endsWith(':')) {
                parameter();
            } else if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
                take(1);
            } else {
                punctuation(c);
            }
        }

        private void punctuation(char c) {
            if (PUNCTUATION.indexOf(c) < 0) {
                throw new IllegalArgumentException("'%c' is not allowed outside of quotes".formatted(c));
            }
            if (c == '-' && next() == '-' || c == '/' && next() == '*') {
                throw new IllegalArgumentException("comments are not allowed");
            }
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth < 0) {
                throw new IllegalArgumentException("a parenthesis is closed that was never opened");
            }
            take(1);
        }

        /// Without backslashes a string ends in the same place, whatever stands in front of it.
        private void string() {
            int end = closing('\'');
            if (text.substring(at, end).indexOf('\\') >= 0) {
                throw new IllegalArgumentException("backslashes are not allowed");
            }
            take(end - at);
        }

        private void quotedName() {
            int end = closing('"');
            see(text.substring(at + 1, end - 1).replace("\"\"", "\""));
            take(end - at);
            if (follows() == '(') {
                throw new IllegalArgumentException("a quoted name is no function");
            }
        }

        /// After the quote that closes what begins here; a doubled quote does not.
        private int closing(char quote) {
            for (int i = at + 1; i < text.length(); i++) {
                if (text.charAt(i) == '\0') {
                    break;
                }
                if (text.charAt(i) == quote) {
                    if (i + 1 < text.length() && text.charAt(i + 1) == quote) {
                        i++;
                    } else {
                        return i + 1;
                    }
                }
            }
            throw new IllegalArgumentException("a quote is not closed");
        }

        private void word() {
            int end = at;
            while (end < text.length() && (isStart(text.charAt(end)) || isDigit(text.charAt(end)))) {
                end++;
            }
            String word = text.substring(at, end).toLowerCase(Locale.ROOT);
            see(word);
            if (REFUSED.contains(word)) {
                throw new IllegalArgumentException("'%s' is not allowed".formatted(word));
            }
            take(end - at);
            if (word.equals("u") && at < text.length() && text.charAt(at) == '&') {
                throw new IllegalArgumentException("Unicode escapes are not allowed");
            }
            if (follows() == '(' && !FUNCTIONS.contains(word) && !KEYWORDS.contains(word)) {
                throw new IllegalArgumentException("the function '%s' is not available".formatted(word));
            }
        }

        private void see(String word) {
            if (word.toLowerCase(Locale.ROOT).startsWith("pg_")) {
                throw new IllegalArgumentException("'%s' is not allowed".formatted(word));
            }
            words.add(word);
        }

        private void number() {
            int end = at;
            while (end < text.length() && (isDigit(text.charAt(end)) || text.charAt(end) == '.')) {
                end++;
            }
            if (end < text.length()
                    && isStart(text.charAt(end))
                    && !text.substring(end).matches("(?s)[eE][+-]?[0-9].*")) {
                throw new IllegalArgumentException("a name cannot begin with a digit");
            }
            take(end - at);
        }

        private void parameter() {
            int end = at + 1;
            while (end < text.length() && (isStart(text.charAt(end)) || isDigit(text.charAt(end)))) {
                end++;
            }
            parameters.add(text.substring(at + 1, end));
            sql.append('?');
            at = end;
        }

        private void take(int length) {
            sql.append(text, at, at + length);
            at += length;
        }

        private char next() {
            return at + 1 < text.length() ? text.charAt(at + 1) : '\0';
        }

        private boolean endsWith(char c) {
            return !sql.isEmpty() && sql.charAt(sql.length() - 1) == c;
        }

        /// The next character that is no space.
        private char follows() {
            for (int i = at; i < text.length(); i++) {
                if (" \n\r\t".indexOf(text.charAt(i)) < 0) {
                    return text.charAt(i);
                }
            }
            return '\0';
        }

        private static boolean isDigit(char c) {
            return c >= '0' && c <= '9';
        }

        /// ASCII alone: Postgres takes any other letter into a name, and a quoted one can have them.
        private static boolean isStart(char c) {
            return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
        }
    }
}
