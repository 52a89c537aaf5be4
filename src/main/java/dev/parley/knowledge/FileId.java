package dev.parley.knowledge;

import dev.parley.postgres.Ids;
import dev.parley.problem.Problem;
import java.util.UUID;

public record FileId(UUID value) {

    public static final String PREFIX = "file-";

    /// @throws Problem (404) when the text cannot be a file's id
    public static FileId parse(String text) {
        return new FileId(Ids.parse(PREFIX, text).orElseThrow(() -> Problem.notFound("file", text)));
    }

    /// The file a page starts after.
    ///
    /// @throws Problem (400) when the text cannot be a file's id
    static FileId cursor(String text) {
        return new FileId(Ids.parse(PREFIX, text)
                .orElseThrow(() -> Problem.invalid("after", "'after' is not the id of a file.")));
    }

    @Override
    public String toString() {
        return Ids.format(PREFIX, value);
    }
}
