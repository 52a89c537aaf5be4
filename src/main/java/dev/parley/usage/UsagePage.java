package dev.parley.usage;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Usage by day, in the shape of OpenAI's usage API. There is one page.
///
/// Source: https://platform.openai.com/docs/api-reference/usage
@RegisterForReflection
record UsagePage(
        String object,
        List<Bucket> data,
        @JsonProperty("has_more") boolean hasMore,
        @JsonProperty("next_page") @Nullable String nextPage) {

    /// A day; times are Unix seconds.
    @RegisterForReflection
    record Bucket(
            String object,
            @JsonProperty("start_time") long startTime,
            @JsonProperty("end_time") long endTime,
            List<UsageResult> results) {}

    static UsagePage of(List<Bucket> days) {
        return new UsagePage("page", days, false, null);
    }
}
