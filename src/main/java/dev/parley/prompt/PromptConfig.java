package dev.parley.prompt;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/// How long it is known which turn used which version.
@ConfigMapping(prefix = "parley.prompts")
interface PromptConfig {

    /// Days for which it is known. As long as responses are kept: feedback on a turn counts for its prompt only
    /// while it is, and a response that continues an older one is then given a version anew.
    @WithDefault("31")
    int turnDays();
}
