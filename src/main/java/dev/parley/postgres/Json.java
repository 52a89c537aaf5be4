package dev.parley.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.TreeMap;

/// JSON as the database, providers and event streams hold it. Types that pass here are registered for reflection;
/// a test fails for one that is not.
@ApplicationScoped
public class Json {

    private final ObjectMapper mapper;

    public Json(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    public String write(Object value) {
        try {
            return mapper.writeValueAsString(value);
        } catch (JsonProcessingException failure) {
            throw new IllegalArgumentException("Not writable as JSON: " + value.getClass(), failure);
        }
    }

    public byte[] writeBytes(Object value) {
        try {
            return mapper.writeValueAsBytes(value);
        } catch (JsonProcessingException failure) {
            throw new IllegalArgumentException("Not writable as JSON: " + value.getClass(), failure);
        }
    }

    /// @throws IllegalArgumentException when the text is not JSON of this type
    public <T> T read(String json, Class<T> type) {
        try {
            return mapper.readValue(json, type);
        } catch (JsonProcessingException failure) {
            throw new IllegalArgumentException("Not JSON of " + type, failure);
        }
    }

    /// @throws IllegalArgumentException when the text is not JSON of this type
    public <T> T read(String json, TypeReference<T> type) {
        try {
            return mapper.readValue(json, type);
        } catch (JsonProcessingException failure) {
            throw new IllegalArgumentException("Not JSON of " + type.getType(), failure);
        }
    }

    /// A value as it will be written, for a field that is one of several types.
    public JsonNode toTree(Object value) {
        return mapper.valueToTree(value);
    }

    /// A client's body. What is wrong with it is told to the client, so the failure passes as it is.
    public JsonNode body(byte[] json) throws IOException {
        return mapper.readTree(json);
    }

    /// [#body(byte[])], as a type.
    public <T> T body(byte[] json, Class<T> type) throws IOException {
        return mapper.readValue(json, type);
    }

    /// @throws IllegalArgumentException when the text is not JSON
    public JsonNode tree(String json) {
        return read(json, JsonNode.class);
    }

    /// The same with the members of every object in the order of their names: two that say the same are the same text.
    public static JsonNode sorted(JsonNode node) {
        if (node.isObject()) {
            var members = new TreeMap<String, JsonNode>();
            node.properties().forEach(member -> members.put(member.getKey(), sorted(member.getValue())));
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            members.forEach(object::set);
            return object;
        }
        if (node.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            node.forEach(each -> array.add(sorted(each)));
            return array;
        }
        return node;
    }
}
