package dev.parley.conversation;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/// What a turn remembers.
@ConfigMapping(prefix = "parley.conversation")
interface ConversationConfig {

    /// Tokens of remembered items in a prompt. More remembers longer and costs more with every turn; a model's context
    /// window and a request's own `parley.history_tokens` lower it, and the request can also raise it.
    @WithDefault("8192")
    int historyTokens();

    /// Items of a conversation that a turn looks at, however short they are: the bound of what is read.
    @WithDefault("256")
    int historyItems();

    /// Items that one request may add to a conversation.
    @WithDefault("256")
    int maxNewItems();

    /// UTF-16 characters of one item.
    @WithDefault("1048576")
    int maxItemLength();
}
