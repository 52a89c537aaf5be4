package dev.parley.prompt;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A message's text with places for variables: `{{name}}`. A backslash before one makes it plain text; other
/// braces are what they are, so JSON needs no care.
final class Template {

    private static final Pattern PLACE = Pattern.compile("\\\\?\\{\\{\\s*([A-Za-z_][A-Za-z0-9_]{0,63})\\s*}}");

    private Template() {}

    /// The variables that a text names.
    static Set<String> variables(String text) {
        var names = new LinkedHashSet<String>();
        Matcher places = PLACE.matcher(text);
        while (places.find()) {
            if (!isEscaped(places)) {
                names.add(places.group(1));
            }
        }
        return names;
    }

    /// The text with its variables filled in. Values are text, whatever they hold: none is looked at again.
    static String render(String text, Map<String, String> values) {
        return PLACE.matcher(text)
                .replaceAll(place -> Matcher.quoteReplacement(
                        isEscaped(place)
                                ? place.group().substring(1)
                                : Objects.requireNonNull(values.get(place.group(1)))));
    }

    private static boolean isEscaped(MatchResult place) {
        return place.group().startsWith("\\");
    }
}
