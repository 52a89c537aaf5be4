package dev.parley.ingestion.source;

import dev.parley.egress.PercentEncoding;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a host's robots.txt says to one robot.
///
/// Source: https://www.rfc-editor.org/rfc/rfc9309
///
/// @param delaySeconds what it asks for between two requests, though the RFC does not know it; 0 for nothing
record Robots(List<Rule> rules, double delaySeconds) {

    /// Bytes of memory, about, that one host's rules may take: more than a thousand of usual length.
    static final int MAX_WEIGHT = 128 * 1024;

    /// Of a rule beside its text.
    private static final int RULE_WEIGHT = 64;

    static final Robots ALL = new Robots(List.of(), 0);
    static final Robots NONE = new Robots(List.of(new Rule("/", false)), 0);

    private static final String ANYBODY = "*";

    /// @param pattern normalized, as the paths that it is compared with
    record Rule(String pattern, boolean allows) {

        static Rule of(String written, boolean allows) {
            return new Rule(PercentEncoding.normalize(written), allows);
        }

        /// `*` is any text, and `$` the end.
        boolean matches(String path) {
            if (pattern.indexOf('*') < 0 && !pattern.endsWith("$")) {
                return path.startsWith(pattern);
            }
            boolean toTheEnd = pattern.endsWith("$");
            String begin = toTheEnd ? pattern.substring(0, pattern.length() - 1) : pattern;
            return matches(begin.split("\\*", -1), path, toTheEnd);
        }

        /// Piece by piece, each as early as it comes: no pattern makes this slow.
        private static boolean matches(String[] pieces, String path, boolean toTheEnd) {
            if (!path.startsWith(pieces[0])) {
                return false;
            }
            int at = pieces[0].length();
            for (int i = 1; i < pieces.length; i++) {
                boolean last = i == pieces.length - 1;
                if (last && toTheEnd) {
                    return path.length() - pieces[i].length() >= at && path.endsWith(pieces[i]);
                }
                int found = path.indexOf(pieces[i], at);
                if (found < 0) {
                    return false;
                }
                at = found + pieces[i].length();
            }
            return !toTheEnd || at == path.length();
        }
    }

    /// @param robot the name it goes by; groups for it count, or else those for anybody
    static Robots parse(String text, String robot) {
        var reader = new Reader(robot.toLowerCase(Locale.ROOT));
        Pattern.compile("\\R").splitAsStream(text).forEach(reader::line);
        return reader.mine.found ? reader.mine.robots() : reader.anybodys.robots();
    }

    /// The longest rule that matches decides; of two as long, the one that allows.
    boolean allows(String asked) {
        String path = PercentEncoding.normalize(asked);
        @Nullable Rule best = null;
        for (Rule rule : rules) {
            if (rule.matches(path)
                    && (best == null
                            || rule.pattern.length() > best.pattern.length()
                            || rule.pattern.length() == best.pattern.length() && rule.allows)) {
                best = rule;
            }
        }
        return best == null || best.allows;
    }

    private static final class Group {

        private final List<Rule> rules = new ArrayList<>();
        private int weight;
        private double delay;
        private boolean found;

        void add(Rule rule) {
            weight += RULE_WEIGHT + rule.pattern.length();
            if (weight <= MAX_WEIGHT) {
                rules.add(rule);
            }
        }

        /// Where rules are missing, any path may be one that they forbid.
        Robots robots() {
            return weight <= MAX_WEIGHT ? new Robots(List.copyOf(rules), delay) : NONE;
        }
    }

    private static final class Reader {

        private final String robot;
        private final Group mine = new Group();
        private final Group anybodys = new Group();
        private final Set<String> agents = new HashSet<>();
        private boolean inRules;

        Reader(String robot) {
            this.robot = robot;
        }

        void line(String line) {
            String content = line.replaceFirst("#.*", "");
            int colon = content.indexOf(':');
            if (colon < 0) {
                return;
            }
            String value = content.substring(colon + 1).strip();
            switch (content.substring(0, colon).strip().toLowerCase(Locale.ROOT)) {
                case "user-agent" -> agent(value.toLowerCase(Locale.ROOT));
                case "allow" -> rule(value, true);
                case "disallow" -> rule(value, false);
                case "crawl-delay" -> delay(value);
                default -> {}
            }
        }

        /// Several in a row share the rules that follow.
        private void agent(String name) {
            if (inRules) {
                agents.clear();
                inRules = false;
            }
            agents.add(name);
            if (name.equals(robot)) {
                mine.found = true;
            }
        }

        private void rule(String pattern, boolean allows) {
            inRules = true;
            if (!pattern.isEmpty()) {
                groups().forEach(group -> group.add(Rule.of(pattern, allows)));
            }
        }

        private void delay(String value) {
            inRules = true;
            if (value.matches("\\d{1,6}(\\.\\d{1,3})?")) {
                groups().forEach(group -> group.delay = Double.parseDouble(value));
            }
        }

        private List<Group> groups() {
            var groups = new ArrayList<Group>();
            if (agents.contains(robot)) {
                groups.add(mine);
            }
            if (agents.contains(ANYBODY)) {
                groups.add(anybodys);
            }
            return groups;
        }
    }
}
