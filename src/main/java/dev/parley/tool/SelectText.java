package dev.parley.tool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// A query that a model or an admin wrote, read word by word before the database does.
///
/// It does not know SQL's grammar and does not have to: the query is put in parentheses, where Postgres accepts nothing
/// but a `SELECT`. It sees to it that the parentheses hold, that no function is called which is not on the list,
/// that no catalog is named, and that nothing small becomes large. What could make Postgres see other words than it
/// does (comments, dollar quotes, escapes) is refused.
///
/// @param sql with `?` for each of the parameters, and [#FENCE] in every inner query
/// @param words identifiers as Postgres reads them
record SelectText(String sql, List<String> parameters, Set<String> words) {

    /// Keeps the planner from copying the expressions of an inner query into the outer one: each column that is used
    /// twice would double, query by query, until the server has no memory left, which no time-out prevents.
    private static final String FENCE = " OFFSET 0";

    /// Functions that compute: none that waits, locks, makes something large of something small, reads the server or
    /// changes its settings.
    private static final Set<String> FUNCTIONS = words("""
            abs avg bool_and bool_or btrim ceil ceiling char_length coalesce concat concat_ws corr count
            cume_dist date date_part date_trunc dense_rank div every exp extract first_value floor greatest
            initcap lag last_value lead least left length ln log lower ltrim make_date max min mod mode
            nth_value ntile nullif percent_rank percentile_cont percentile_disc position power rank right round
            row_number rtrim sign split_part sqrt starts_with stddev stddev_pop stddev_samp strpos substr sum
            to_char to_date trim trunc upper var_pop var_samp variance width_bucket""");

    /// Words before a parenthesis that call nothing.
    private static final Set<String> KEYWORDS = words("""
            all and any as between by case cast cross decimal distinct else end except exists filter from full
            group grouping having ilike in inner intersect interval is join left like limit not numeric offset
            on or order over partition right select some then union using values varchar when where with within""");

    /// They stand for something about the server, without parentheses, or could run for ever; and types whose values
    /// grow when they are converted.
    private static final Set<String> REFUSED = words("""
            array bit bpchar bytea char character cube current_catalog current_role current_schema current_user
            for information_schema into json jsonb lateral materialized recursive rollup session_user sets
            similar system_user tablesample tsvector user varbit xml""");

    /// They put text together: in an inner query, that of another one, which has been put together before.
    private static final Set<String> GROWING = Set.of("concat", "concat_ws");

    private static final Set<String> LIMITS = Set.of("limit", "offset", "fetch");
    private static final Set<String> QUERIES = Set.of("select", "with", "values", "table");

    /// After them any word is a name.
    private static final Set<String> BEFORE_NAMES = Set.of("as", ".");

    private static final String PUNCTUATION = "(),.*+-/%<>=!|:";

    private static Set<String> words(String text) {
        return Set.of(text.strip().split("\\s+"));
    }

    /// @throws IllegalArgumentException that says what is not allowed
    static SelectText read(String query) {
        return new Scanner(query).read();
    }

    private static final class Parenthesis {
        private boolean isEmpty = true;
        private boolean isQuery;
        private boolean isLimited;
    }

    private static final class Scanner {

        private final String text;
        private final StringBuilder sql = new StringBuilder();
        private final List<String> parameters = new ArrayList<>();
        private final Set<String> words = new TreeSet<>();
        private final Deque<Parenthesis> open = new ArrayDeque<>();
        private int at;

        /// The word or the sign before this one.
        private String before = "";

        Scanner(String text) {
            this.text = text;
        }

        SelectText read() {
            while (at < text.length()) {
                int start = at;
                step(text.charAt(at));
                String token = text.substring(start, at);
                before = token.isBlank() ? before : token.toLowerCase(Locale.ROOT);
            }
            if (!open.isEmpty()) {
                throw new IllegalArgumentException("a parenthesis is not closed");
            }
            return new SelectText(sql.toString(), List.copyOf(parameters), words);
        }

        private void step(char c) {
            Parenthesis around = open.peek();
            boolean isSpace = " \n\r\t".indexOf(c) >= 0;
            if (around != null && !isSpace && !isStart(c)) {
                around.isEmpty = false;
            }
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
            } else if (isSpace) {
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
            if (c == '|') {
                checkGrowth("||");
            }
            if (c == '(') {
                open.push(new Parenthesis());
            } else if (c == ')') {
                close();
            }
            take(1);
        }

        private void close() {
            if (open.isEmpty()) {
                throw new IllegalArgumentException("a parenthesis is closed that was never opened");
            }
            Parenthesis closed = open.pop();
            if (closed.isQuery && !closed.isLimited) {
                sql.append(FENCE);
            }
        }

        private void checkGrowth(String what) {
            if (open.stream().anyMatch(parenthesis -> parenthesis.isQuery)) {
                throw new IllegalArgumentException("'%s' is available in the outermost SELECT only".formatted(what));
            }
        }

        /// What the word means to the parenthesis it stands in.
        private void note(String word) {
            if (LIMITS.contains(word) && BEFORE_NAMES.contains(before)) {
                throw new IllegalArgumentException("'%s' is no name here".formatted(word));
            }
            Parenthesis around = open.peek();
            if (around != null) {
                around.isQuery |= around.isEmpty && QUERIES.contains(word);
                around.isLimited |= LIMITS.contains(word);
                around.isEmpty = false;
            }
            if (GROWING.contains(word) && follows() == '(') {
                checkGrowth(word);
            }
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
            take(end - at);
            note(word);
            if (word.equals("u") && at < text.length() && text.charAt(at) == '&') {
                throw new IllegalArgumentException("Unicode escapes are not allowed");
            }
            if (follows() == '(' && !FUNCTIONS.contains(word) && !KEYWORDS.contains(word)) {
                throw new IllegalArgumentException("the function '%s' is not available".formatted(word));
            }
        }

        private void see(String word) {
            if (word.toLowerCase(Locale.ROOT).startsWith("pg_") || REFUSED.contains(word)) {
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
