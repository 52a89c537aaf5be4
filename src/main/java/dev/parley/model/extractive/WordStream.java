package dev.parley.model.extractive;

import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.regex.Pattern;

/// Says a text word by word until the hearer has enough.
final class WordStream implements StreamingHandle {

    private static final Pattern BEFORE_SPACE = Pattern.compile("(?<=\\S)(?=\\s)");

    private boolean cancelled;

    private WordStream() {}

    /// @return false when the handler cancelled
    static boolean to(StreamingChatResponseHandler handler, String text) {
        var stream = new WordStream();
        var context = new PartialResponseContext(stream);
        for (String word : BEFORE_SPACE.split(text)) {
            if (stream.isCancelled()) {
                return false;
            }
            if (!word.isEmpty()) {
                handler.onPartialResponse(new PartialResponse(word), context);
            }
        }
        return !stream.isCancelled();
    }

    @Override
    public void cancel() {
        cancelled = true;
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }
}
