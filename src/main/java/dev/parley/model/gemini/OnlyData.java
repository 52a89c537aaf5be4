package dev.parley.model.gemini;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequest;

/// LangChain4j would fetch an image that is given by its URL, from wherever a client points it to.
final class OnlyData {

    private OnlyData() {}

    /// @throws UnsupportedFeatureException for an image that is not there as data
    static ChatRequest in(ChatRequest request) {
        if (request.messages().stream().anyMatch(OnlyData::pointsElsewhere)) {
            throw new UnsupportedFeatureException("Gemini takes images as data, not by their URL.");
        }
        return request;
    }

    private static boolean pointsElsewhere(ChatMessage message) {
        return message instanceof UserMessage user
                && user.contents().stream()
                        .anyMatch(content -> content instanceof ImageContent image
                                && image.image().base64Data() == null);
    }
}
