package dev.parley.prompt;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.identity.KnownKeys;
import dev.parley.postgres.Ids;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/// @param target null: the label was deleted
/// @param changedAt Unix seconds
@RegisterForReflection
record LabelChangeView(
        String id,
        String object,
        @Nullable LabelTarget target,
        @Nullable String note,
        @JsonProperty("changed_by") String changedBy,
        @JsonProperty("changed_at") long changedAt) {

    static LabelChangeView of(LabelChange change) {
        return new LabelChangeView(
                Ids.format(LabelChange.PREFIX, change.id()),
                "prompt.label_change",
                change.target(),
                change.note(),
                KnownKeys.format(change.changedBy()),
                change.changedAt().getEpochSecond());
    }
}
