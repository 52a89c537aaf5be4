package dev.parley.egress;

import dev.parley.egress.EgressError.WrongContentType;
import java.util.Locale;
import java.util.Set;

/// The media types that a caller can make something of.
record MediaTypes(Set<String> accepted) {

    private static final int TOLD = 100;

    /// @throws EgressFailure if the answer is of another type
    void check(Answer answer, EgressMethod method) {
        if (accepted.isEmpty() || !answer.isSuccessful() || answer.isEmpty(method)) {
            return;
        }
        String type = answer.headers().first("Content-Type").orElse(null);
        if (type == null || accepted.stream().noneMatch(pattern -> matches(pattern, essence(type)))) {
            throw new EgressFailure(new WrongContentType(type == null ? null : told(essence(type))));
        }
    }

    private static boolean matches(String pattern, String type) {
        String accepted = pattern.toLowerCase(Locale.ROOT);
        return accepted.equals("*/*")
                || accepted.equals(type)
                || accepted.endsWith("/*") && type.startsWith(accepted.substring(0, accepted.length() - 1));
    }

    /// Without parameters.
    private static String essence(String type) {
        int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }

    private static String told(String type) {
        return type.substring(0, Math.min(TOLD, type.length()));
    }
}
