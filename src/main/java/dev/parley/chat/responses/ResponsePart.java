package dev.parley.chat.responses;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.chat.Citation;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/// A piece of an output message's content.
sealed interface ResponsePart {

    /// @param logprobs always empty; OpenAI's clients expect it
    @RegisterForReflection
    record OutputText(String type, String text, List<Annotation> annotations, List<Object> logprobs)
            implements ResponsePart {

        OutputText(String text, List<Annotation> annotations) {
            this("output_text", text, annotations, List.of());
        }
    }

    @RegisterForReflection
    record Refusal(String type, String refusal) implements ResponsePart {

        Refusal(String refusal) {
            this("refusal", refusal);
        }
    }

    /// A citation, flat as responses have it.
    ///
    /// @param index where its marker begins in the text, in Unicode code points
    @RegisterForReflection
    record Annotation(
            String type, @JsonProperty("file_id") String fileId, String filename, int index, Extension parley) {

        static Annotation of(Citation citation) {
            return new Annotation(
                    "file_citation",
                    citation.passage().file().toString(),
                    citation.passage().filename(),
                    citation.start(),
                    new Extension(citation.number(), citation.end()));
        }
    }

    /// @param passage the number that the marker names, as the receipt has it
    /// @param endIndex just after the marker
    @RegisterForReflection
    record Extension(int passage, @JsonProperty("end_index") int endIndex) {}
}
