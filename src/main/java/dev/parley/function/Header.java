package dev.parley.function;

import java.util.Locale;

/// One header line. Names and values cannot hold what would end the line: an event's header never becomes a second
/// header or request.
record Header(String name, String value) {

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

    Header {
        if (!name.matches(TOKEN)) {
            throw new IllegalArgumentException("Not a header name");
        }
        if (value.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
            throw new IllegalArgumentException("Not a header value: " + name);
        }
    }

    boolean is(String other) {
        return name.equalsIgnoreCase(other);
    }

    String lowerName() {
        return name.toLowerCase(Locale.ROOT);
    }

    /// Whether the header is about one connection and not about the message (RFC 9110, 7.6.1).
    boolean isHopByHop() {
        return switch (lowerName()) {
            case "connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade" ->
                true;
            default -> false;
        };
    }
}
