package dev.parley.tool.mcp;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Which tools of a server need an approval for each call.
///
/// @param named those that do, by the server's names; empty unless they are named
record Approval(Rule rule, Set<String> named) {

    /// Who does not say otherwise approves what changes something at a stranger's.
    static final Approval DEFAULT = of(Rule.EFFECTS);

    enum Rule {
        EFFECTS,
        ALWAYS,
        NEVER,
        NAMED;

        String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Rule> of(String code) {
            return Arrays.stream(values())
                    .filter(rule -> rule.code().equals(code))
                    .findFirst();
        }
    }

    static Approval of(Rule rule) {
        return new Approval(rule, Set.of());
    }

    boolean isNeeded(String tool, boolean effects) {
        return switch (rule) {
            case EFFECTS -> effects;
            case ALWAYS -> true;
            case NEVER -> false;
            case NAMED -> named.contains(tool);
        };
    }
}
