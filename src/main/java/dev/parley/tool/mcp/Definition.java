package dev.parley.tool.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.postgres.Json;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;

/// What a server says of a tool, cleaned and bounded: all of it that is ever used.
///
/// @param parameters with the server's wishes about headers
@RegisterForReflection
record Definition(String description, JsonNode parameters) {

    /// The same for the same definition, in whatever order its members come.
    String hash(Json json) {
        byte[] text = json.write(sorted(json.toTree(this))).getBytes(StandardCharsets.UTF_8);
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException impossible) { // every Java has it
            throw new IllegalStateException(impossible);
        }
    }

    private static Object sorted(JsonNode node) {
        if (node.isObject()) {
            var members = new TreeMap<String, Object>();
            node.properties().forEach(member -> members.put(member.getKey(), sorted(member.getValue())));
            return members;
        }
        return node.isArray() ? node.valueStream().map(Definition::sorted).toList() : node;
    }
}
