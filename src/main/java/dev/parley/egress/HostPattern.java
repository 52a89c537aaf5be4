package dev.parley.egress;

/// Hosts by name: `api.example.com` is that one, `*.example.com` all below it, `*` all.
///
/// A star stands for whole labels at the front and nowhere else: `*example.com` would also let `evilexample.com` in.
///
/// @param suffix what follows the star; the whole name without one
record HostPattern(boolean below, String suffix) {

    /// @throws IllegalArgumentException that says what is wrong with the text
    static HostPattern parse(String text) {
        String pattern = text.strip();
        if (pattern.equals("*")) {
            return new HostPattern(true, "");
        }
        boolean below = pattern.startsWith("*.");
        try {
            return new HostPattern(
                    below,
                    (below ? "." : "")
                            + Host.parse(below ? pattern.substring(2) : pattern).text());
        } catch (EgressFailure noHost) {
            throw new IllegalArgumentException(
                    "'%s' is no host such as api.example.com or *.example.com".formatted(text), noHost);
        }
    }

    boolean matches(Host host) {
        return below ? host.text().endsWith(suffix) : host.text().equals(suffix);
    }
}
