package dev.parley.model;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.request.ToolChoice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// LangChain4j's common request parameters and the few of OpenAI's that it leaves to vendors. Models that do not know
/// them ignore them.
public final class ChatParameters extends DefaultChatRequestParameters {

    private final @Nullable Integer seed;
    private final @Nullable String user;
    private final @Nullable Boolean parallelToolCalls;
    private final @Nullable Boolean strictJsonSchema;

    private ChatParameters(Builder builder) {
        super(builder);
        this.seed = builder.seed;
        this.user = builder.user;
        this.parallelToolCalls = builder.parallelToolCalls;
        this.strictJsonSchema = builder.strictJsonSchema;
    }

    public static Builder builder() {
        return new Builder();
    }

    /// The same with another output limit.
    public ChatParameters withMaxOutputTokens(int tokens) {
        return copy().maxOutputTokens(tokens).build();
    }

    /// The same with more tools than these.
    public ChatParameters withTools(List<ToolSpecification> more) {
        var all = new ArrayList<>(toolSpecifications());
        all.addAll(more);
        return copy().toolSpecifications(all).build();
    }

    /// The same with another say in whether tools are called.
    public ChatParameters withToolChoice(ToolChoice choice) {
        return copy().toolChoice(choice).build();
    }

    private Builder copy() {
        return builder()
                .overrideWith(this)
                .seed(seed)
                .user(user)
                .parallelToolCalls(parallelToolCalls)
                .strictJsonSchema(strictJsonSchema);
    }

    public @Nullable Integer seed() {
        return seed;
    }

    public @Nullable String user() {
        return user;
    }

    public @Nullable Boolean parallelToolCalls() {
        return parallelToolCalls;
    }

    public @Nullable Boolean strictJsonSchema() {
        return strictJsonSchema;
    }

    /// Builds the parameters of one request.
    public static final class Builder extends DefaultChatRequestParameters.Builder<Builder> {

        private @Nullable Integer seed;
        private @Nullable String user;
        private @Nullable Boolean parallelToolCalls;
        private @Nullable Boolean strictJsonSchema;

        private Builder() {}

        public Builder seed(@Nullable Integer seed) {
            this.seed = seed;
            return this;
        }

        public Builder user(@Nullable String user) {
            this.user = user;
            return this;
        }

        public Builder parallelToolCalls(@Nullable Boolean parallelToolCalls) {
            this.parallelToolCalls = parallelToolCalls;
            return this;
        }

        public Builder strictJsonSchema(@Nullable Boolean strictJsonSchema) {
            this.strictJsonSchema = strictJsonSchema;
            return this;
        }

        @Override
        public ChatParameters build() {
            return new ChatParameters(this);
        }
    }
}
