package dev.parley.chat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// Bodies of chat completion requests.
public final class ChatRequests {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ChatRequests() {}

    public static ObjectNode user(String text) {
        return to("scripted", text);
    }

    public static ObjectNode to(String model, String text) {
        ObjectNode body = JSON.createObjectNode().put("model", model);
        body.putArray("messages").addObject().put("role", "user").put("content", text);
        return body;
    }

    public static String with(ObjectNode body, String members) {
        try {
            return ((ObjectNode) JSON.readerForUpdating(body).readValue("{" + members + "}")).toString();
        } catch (java.io.IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    public static String streamed(ObjectNode body) {
        return with(body, "\"stream\": true");
    }
}
