package dev.parley.prompt;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A prompt, without what its versions say.
///
/// @param latest the number of its latest version; 0 for none
/// @param revision raised by every change of it, its versions or its labels
record Prompt(
        UUID id,
        String name,
        int latest,
        long revision,
        List<Label> labels,
        UUID createdBy,
        Instant createdAt,
        @Nullable Instant archivedAt) {

    Optional<Label> label(String name) {
        return labels.stream().filter(label -> label.name().equals(name)).findFirst();
    }
}
