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

    /// Who folds turns that no longer fit into the conversation's summary: a chat model's alias, paid by the
    /// turn that folds and waited for; `extractive`, which selects sentences, at once and for nothing, and
    /// understands nothing; `none` to forget them.
    @WithDefault("extractive")
    String summaryModel();

    /// Tokens of a summary. More remembers more, and leaves less of `historyTokens` to turns as they were said.
    @WithDefault("512")
    int summaryTokens();

    /// Tokens of items that are folded at a time, if the summary's model has room for them: the bound of what folding
    /// costs. What is left is folded by the next turn.
    @WithDefault("16384")
    int summaryInputTokens();

    /// Items that are folded at a time.
    @WithDefault("256")
    int summaryItems();

    /// Items that one request may add to a conversation.
    @WithDefault("256")
    int maxNewItems();

    /// UTF-16 characters of one item.
    @WithDefault("1048576")
    int maxItemLength();
}
