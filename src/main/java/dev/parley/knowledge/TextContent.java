package dev.parley.knowledge;

import io.quarkus.runtime.annotations.RegisterForReflection;

/// OpenAI's content part of type `text`.
@RegisterForReflection
record TextContent(String type, String text) {

    static TextContent of(String text) {
        return new TextContent("text", text);
    }
}
