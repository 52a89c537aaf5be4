package dev.parley.chat;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What a chat request may ask for, and how long it may take.
@ConfigMapping(prefix = "parley.chat")
public interface ChatConfig {

    /// Bytes of a request's body. It is held in memory while it is read: large enough for a full context window of
    /// any model, small enough that many requests at once do no harm.
    @WithDefault("8388608")
    int maxBodyBytes();

    /// Messages of one request. Longer histories belong into a conversation, which remembers what fits.
    @WithDefault("2048")
    int maxMessages();

    /// UTF-16 characters of one message's content.
    @WithDefault("1048576")
    int maxMessageLength();

    /// Characters of an image's data in a message, as base64: a third more than its bytes. Most providers take 5 MB.
    @WithDefault("7000000")
    int maxImageLength();

    /// Tokens of retrieved passages in a prompt. More passages find more and cost more, and distract small models.
    @WithDefault("4096")
    int passageTokens();

    /// Tokens an answer may have when the request does not say, at most a quarter of the model's context
    /// window. It is always sent, and reserved until the turn ends: more lets long answers and reasoning
    /// finish, and keeps more of a budget busy meanwhile.
    @WithDefault("16384")
    int answerTokens();

    /// Tokens reserved for what Parley itself puts around passages and instructions.
    @WithDefault("512")
    int promptOverhead();

    /// How often a turn's model is answered with results of this side's tools before it has to do without more. More
    /// lets it work longer on its own, and lets one that is lost spend more.
    @WithDefault("8")
    int toolRounds();

    /// The cache of answers.
    Cache cache();

    /// Answers that are given again to exactly the same prompt.
    interface Cache {

        /// Aliases whose turns use it unless they say otherwise (`parley.cache`). It saves time and money where the
        /// same is asked often, and gives the same answer where a new one may be wanted.
        Optional<List<String>> models();

        /// How long an answer is given again. Longer saves more and ages more.
        @WithDefault("PT1H")
        Duration ttl();
    }

    /// How long a repeated request waits for the first one to end. Clients that gave up too early get their answer in
    /// this time; each keeps a connection meanwhile.
    @WithDefault("PT1M")
    Duration repeatPatience();
}
