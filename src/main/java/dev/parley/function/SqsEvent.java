package dev.parley.function;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.job.Redeliveries;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Messages of a queue, as Lambda's event source mapping hands them over.
///
/// Source: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
record SqsEvent(@JsonProperty("Records") List<Message> messages) implements Event {

    /// @param receiptHandle null where somebody made up the event, as `./dev lambda --event` does
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Message(
            String messageId,
            String body,
            @Nullable String receiptHandle,
            @JsonProperty("eventSourceARN") @Nullable String queue,
            @Nullable Map<String, String> attributes) {

        private static final String RECEIVES = "ApproximateReceiveCount";

        /// What lets it come again soon.
        Optional<Redeliveries.Failed> failed() {
            return receiptHandle == null || queue == null
                    ? Optional.empty()
                    : Optional.of(new Redeliveries.Failed(queue, receiptHandle, receives()));
        }

        private int receives() {
            return attributes == null ? 1 : Integer.parseInt(attributes.getOrDefault(RECEIVES, "1"));
        }
    }

    /// The messages that come again; the others are done with. One that is missing here is deleted.
    ///
    /// Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    @RegisterForReflection
    record Failures(List<Failure> batchItemFailures) {}

    @RegisterForReflection
    record Failure(String itemIdentifier) {}
}
