package dev.parley.job;

import dev.parley.aws.AwsClients;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;

/// When messages that failed are handed over again: soon at first, then ever later. Their queue by itself would keep
/// them back for as long as an invocation may take, several times over.
@ApplicationScoped
public class Redeliveries {

    private static final Logger LOG = Logger.getLogger(Redeliveries.class);

    private static final int GROWTH = 4;
    private static final Duration LONGEST = Duration.ofHours(1);

    private final Sqs sqs;
    private final Duration first;

    Redeliveries(Sqs sqs, JobConfig config) {
        this.sqs = sqs;
        this.first = config.queues().retry();
    }

    /// @param queue its ARN
    /// @param receipt SQS' handle for this handing over
    /// @param times how often it has been handed over
    public record Failed(String queue, String receipt, int times) {}

    /// At most ten of a queue. What SQS is not told comes again when the queue lets it, as it would without this.
    public void schedule(List<Failed> messages) {
        messages.stream().collect(Collectors.groupingBy(Failed::queue)).forEach(this::schedule);
    }

    private void schedule(String queue, List<Failed> messages) {
        try {
            List<ChangeMessageVisibilityBatchRequestEntry> entries = IntStream.range(0, messages.size())
                    .mapToObj(i -> entry(i, messages.get(i)))
                    .toList();
            AwsClients.await(sqs.client().changeMessageVisibilityBatch(batch -> batch.queueUrl(sqs.url(queue))
                            .entries(entries)))
                    .failed()
                    .forEach(each -> LOG.warnf("A message of %s comes again later: %s", queue, each.message()));
        } catch (RuntimeException failure) {
            LOG.warnf(failure, "Messages of %s come again later than they could", queue);
        }
    }

    private ChangeMessageVisibilityBatchRequestEntry entry(int number, Failed message) {
        return ChangeMessageVisibilityBatchRequestEntry.builder()
                .id(String.valueOf(number))
                .receiptHandle(message.receipt())
                .visibilityTimeout((int) pause(first, message.times()).toSeconds())
                .build();
    }

    /// One minute, four, sixteen, an hour, unless it is configured otherwise.
    static Duration pause(Duration first, int times) {
        Duration pause = first;
        for (int i = 1; i < times && pause.compareTo(LONGEST) < 0; i++) {
            pause = pause.multipliedBy(GROWTH);
        }
        return pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
    }
}
