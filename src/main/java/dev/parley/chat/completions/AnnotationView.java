package dev.parley.chat.completions;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.chat.Citation;
import io.quarkus.runtime.annotations.RegisterForReflection;

/// A citation as clients see it. OpenAI's chat completions have no annotation for files: this is `url_citation` with
/// a file in the place of the URL.
@RegisterForReflection
record AnnotationView(
        String type, @JsonProperty("file_citation") FileCitation fileCitation) {

    /// @param index the passage's number, as the answer cites it and the receipt lists it
    /// @param startIndex of the marker in the message's content, in Unicode code points
    /// @param endIndex just after the marker
    @RegisterForReflection
    record FileCitation(
            @JsonProperty("file_id") String fileId,
            String filename,
            int index,
            @JsonProperty("start_index") int startIndex,
            @JsonProperty("end_index") int endIndex) {}

    static AnnotationView of(Citation citation) {
        return new AnnotationView(
                "file_citation",
                new FileCitation(
                        citation.passage().file().toString(),
                        citation.passage().filename(),
                        citation.number(),
                        citation.start(),
                        citation.end()));
    }
}
