package dev.parley.stream;

import io.smallrye.config.SmallRyeConfigBuilder;

/// The defaults, but for what a test says.
final class StreamSettings {

    private StreamSettings() {}

    /// @param overrides names and values in turn
    static StreamConfig with(String... overrides) {
        var builder = new SmallRyeConfigBuilder().withMapping(StreamConfig.class);
        for (int i = 0; i < overrides.length; i += 2) {
            builder.withDefaultValue("parley.stream." + overrides[i], overrides[i + 1]);
        }
        return builder.build().getConfigMapping(StreamConfig.class);
    }
}
