package dev.parley.function;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/// Messages of a queue, as Lambda's event source mapping hands them over.
///
/// Source: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
record SqsEvent(@JsonProperty("Records") List<Message> messages) implements Event {

    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Message(String messageId, String body) {}

    /// The messages that come again; the others are done with. One that is missing here is deleted.
    ///
    /// Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    @RegisterForReflection
    record Failures(List<Failure> batchItemFailures) {}

    @RegisterForReflection
    record Failure(String itemIdentifier) {}
}
