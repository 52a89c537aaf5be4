package dev.parley.chat.responses;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.knowledge.Hit;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An item of a response's output, as OpenAI has it.
sealed interface ResponseItem {

    String IN_PROGRESS = "in_progress";
    String COMPLETED = "completed";
    String INCOMPLETE = "incomplete";

    String id();

    @RegisterForReflection
    record Message(String id, String type, String status, String role, List<ResponsePart> content)
            implements ResponseItem {

        static final String PREFIX = "msg_";

        Message(String id, String status, List<ResponsePart> content) {
            this(id, "message", status, "assistant", content);
        }
    }

    @RegisterForReflection
    record FunctionCall(
            String id,
            String type,
            String status,
            @JsonProperty("call_id") String callId,
            String name,
            String arguments)
            implements ResponseItem {

        static final String PREFIX = "fc_";

        FunctionCall(String id, String status, String callId, String name, String arguments) {
            this(id, "function_call", status, callId, name, arguments);
        }
    }

    /// @param results null unless the client asked for them
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record FileSearchCall(
            String id,
            String type,
            String status,
            List<String> queries,
            @Nullable List<Found> results) implements ResponseItem {

        static final String PREFIX = "fs_";

        FileSearchCall(String id, String status, List<String> queries, @Nullable List<Found> results) {
            this(id, "file_search_call", status, queries, results);
        }

        FileSearchCall withoutResults() {
            return new FileSearchCall(id, status, queries, null);
        }
    }

    /// A passage of a search.
    @RegisterForReflection
    record Found(
            @JsonProperty("file_id") String fileId,
            String filename,
            double score,
            String text,
            Map<String, Object> attributes) {

        static Found of(Hit hit) {
            return new Found(hit.file().toString(), hit.filename(), hit.score(), hit.text(), hit.attributes());
        }
    }
}
