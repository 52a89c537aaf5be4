package dev.parley.tool.mcp;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Revisions of the protocol that are spoken here, newest first.
enum Revision {
    V2026_07_28("2026-07-28", true),
    V2025_11_25("2025-11-25", false),
    V2025_06_18("2025-06-18", false),
    V2025_03_26("2025-03-26", false);

    static final Revision NEWEST = V2026_07_28;
    static final Revision NEWEST_WITH_HANDSHAKE = V2025_11_25;

    /// What a client speaks that does not say: headers came later than streamable HTTP.
    static final Revision UNSAID = V2025_03_26;

    private final String version;
    private final boolean stateless;

    Revision(String version, boolean stateless) {
        this.version = version;
        this.stateless = stateless;
    }

    String version() {
        return version;
    }

    /// Whether each request says by itself what it needs, as opposed to a session that begins with a handshake.
    boolean isStateless() {
        return stateless;
    }

    static Optional<Revision> of(String version) {
        return Arrays.stream(values())
                .filter(revision -> revision.version.equals(version))
                .findFirst();
    }

    static List<String> versions() {
        return Arrays.stream(values()).map(Revision::version).toList();
    }
}
