package dev.parley.model;

import org.jspecify.annotations.Nullable;

/// What a provider needs to know of one of its models, out of the catalog.
///
/// @param name the provider's own name of the model
/// @param maxOutputTokens of one answer, for protocols that insist on a limit
/// @param promptCaching whether the beginnings of prompts that stay the same are marked for the provider's cache,
/// where it caches only what is marked
/// @param sampling whether it takes `temperature` and `top_p`; they are left out otherwise
/// @param thinking Anthropic's word for how it thinks; null to leave that to it
public record ChatModelSettings(
        String name,
        int maxOutputTokens,
        boolean promptCaching,
        boolean sampling,
        @Nullable String thinking) {

    static ChatModelSettings of(ModelsConfig.Chat config) {
        return new ChatModelSettings(
                config.name(),
                config.maxOutputTokens(),
                config.promptCaching(),
                config.sampling(),
                config.thinking().orElse(null));
    }
}
