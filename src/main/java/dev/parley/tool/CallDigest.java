package dev.parley.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.postgres.Json;
import dev.parley.postgres.Sha256;
import java.util.HexFormat;

/// Tells whether two calls ask for the same, whatever the order of their arguments.
final class CallDigest {

    private CallDigest() {}

    /// SHA-256 in hexadecimal.
    static String of(String tool, JsonNode arguments) {
        return HexFormat.of().formatHex(Sha256.of(tool + '\0' + Json.sorted(arguments)));
    }
}
