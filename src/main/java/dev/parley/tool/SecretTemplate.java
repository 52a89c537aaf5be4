package dev.parley.tool;

import java.util.Collection;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Text with `{{secret:NAME}}` in it.
final class SecretTemplate {

    private static final Pattern SECRET = Pattern.compile("\\{\\{secret:([a-zA-Z0-9_-]{1,64})}}");

    private SecretTemplate() {}

    static Set<String> names(Collection<String> texts) {
        return texts.stream()
                .flatMap(text -> SECRET.matcher(text).results())
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
    }

    /// It would be sent as it stands.
    static boolean isMisspelt(String text) {
        return SECRET.matcher(text).replaceAll("").contains("{{");
    }

    static String fill(String text, UnaryOperator<String> secret) {
        return SECRET.matcher(text).replaceAll(found -> Matcher.quoteReplacement(secret.apply(found.group(1))));
    }
}
