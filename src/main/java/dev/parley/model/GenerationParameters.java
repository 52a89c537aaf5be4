package dev.parley.model;

import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import org.jspecify.annotations.Nullable;

/// LangChain4j's neutral parameters and a few more that some providers know. One that does not know them ignores
/// them.
public final class GenerationParameters extends DefaultChatRequestParameters {

    private final Hints hints;

    public GenerationParameters(ChatRequestParameters neutral, Hints hints) {
        super(new Builder(neutral));
        this.hints = hints;
    }

    public Hints hints() {
        return hints;
    }

    /// @param seed asks for the same answer to the same request, as far as the provider can
    /// @param user the client's name for its end user
    /// @param parallelToolCalls whether one answer may hold several tool calls
    /// @param reasoningEffort `none` to `xhigh`, for models that think before they answer
    public record Hints(
            @Nullable Integer seed,
            @Nullable String user,
            @Nullable Boolean parallelToolCalls,
            @Nullable String reasoningEffort) {}

    private static final class Builder extends DefaultChatRequestParameters.Builder<Builder> {
        Builder(ChatRequestParameters neutral) {
            overrideWith(neutral);
        }
    }
}
