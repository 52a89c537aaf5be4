package dev.parley.tool.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.postgres.Json;
import dev.parley.postgres.Sha256;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.HexFormat;

/// What a server says of a tool, cleaned and bounded: all of it that is ever used.
///
/// @param parameters with the server's wishes about headers
@RegisterForReflection
record Definition(String description, JsonNode parameters) {

    /// The same for the same definition, in whatever order its members come.
    String hash(Json json) {
        return HexFormat.of().formatHex(Sha256.of(json.write(Json.sorted(json.toTree(this)))));
    }
}
