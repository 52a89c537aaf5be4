package dev.parley.chat;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.parley.conversation.Remembered;
import dev.parley.conversation.Summary;
import dev.parley.model.Passages;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Puts a prompt together: instructions, then examples, then what is remembered, then what is new. The client's
/// instructions, the summary of earlier turns and the passages are one system message at the start, because many open
/// models accept no other.
@ApplicationScoped
class PromptComposer {

    private final PromptFile fromPassages = PromptFile.load("answer-from-passages.txt");
    private final PromptFile withoutPassages = PromptFile.load("no-passages.txt");
    private final PromptFile earlierTurns = PromptFile.load("conversation-summary.txt");

    /// What a summary must not hold: the end of itself, or passages that nobody retrieved.
    private static final Pattern TAG = Pattern.compile("<(?=/?(?:conversation_summary|passage))");

    List<ChatMessage> compose(
            List<ChatMessage> examples, Continuation continuation, @Nullable Remembered remembered, Evidence evidence) {
        var prompt = new ArrayList<ChatMessage>();
        var instructions = new ArrayList<String>();
        int first = 0;
        List<ChatMessage> messages = continuation.messages();
        while (first < messages.size() && messages.get(first) instanceof SystemMessage system) {
            instructions.add(system.text());
            first++;
        }
        if (remembered != null && remembered.summary() != null) {
            instructions.add(summary(remembered.summary()));
        }
        if (evidence.searched()) {
            instructions.add(passages(evidence));
        }
        if (!instructions.isEmpty()) {
            prompt.add(SystemMessage.from(String.join("\n\n", instructions)));
        }
        prompt.addAll(examples);
        if (remembered != null) {
            prompt.addAll(remembered.messages());
        }
        if (continuation.open() != null) {
            prompt.addAll(continuation.open().messages());
        }
        prompt.addAll(messages.subList(first, messages.size()));
        return prompt;
    }

    private String summary(Summary summary) {
        return earlierTurns.with("{summary}", TAG.matcher(summary.text()).replaceAll("&lt;"));
    }

    private String passages(Evidence evidence) {
        PromptFile prompt = evidence.hits().isEmpty() ? withoutPassages : fromPassages;
        return prompt.with("{passages}", Passages.render(evidence.passages()));
    }
}
