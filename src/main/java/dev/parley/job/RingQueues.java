package dev.parley.job;

import dev.parley.aws.AwsClients;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;

/// The queues (SQS) that wake workers, one for each workload.
@ApplicationScoped
class RingQueues {

    /// What one call takes.
    static final int BATCH = 10;

    private static final Duration LONGEST_DELAY = Duration.ofMinutes(15);

    private final Sqs sqs;
    private final JobConfig.Queues config;

    RingQueues(Sqs sqs, JobConfig config) {
        this.sqs = sqs;
        this.config = config.queues();
    }

    boolean has(Workload workload) {
        return url(workload).isPresent();
    }

    /// @param rings of one workload, at most [#BATCH]; a delay longer than a queue can keep is left out, since
    /// [LostRings] rings when it is over
    void send(List<Ring> rings) {
        List<Ring> near = rings.stream()
                .filter(ring -> ring.delay().compareTo(LONGEST_DELAY) <= 0)
                .toList();
        if (near.isEmpty()) {
            return;
        }
        String url = url(near.getFirst().workload()).orElseThrow();
        List<SendMessageBatchRequestEntry> messages = IntStream.range(0, near.size())
                .mapToObj(i -> message(i, near.get(i)))
                .toList();
        SendMessageBatchResponse sent = AwsClients.await(
                sqs.client().sendMessageBatch(batch -> batch.queueUrl(url).entries(messages)));
        if (sent.hasFailed()) {
            throw new IllegalStateException(
                    "%s: %s".formatted(url, sent.failed().getFirst().message()));
        }
    }

    /// Seconds, and never too few: a ring before its time finds nothing.
    private static SendMessageBatchRequestEntry message(int number, Ring ring) {
        return SendMessageBatchRequestEntry.builder()
                .id(String.valueOf(number))
                .messageBody(RingMessage.of(ring.workload()))
                .delaySeconds((int) ring.delay().plusMillis(999).toSeconds())
                .build();
    }

    /// How many rings nobody has heard yet, roughly. Those that somebody works on, and those for later, are for jobs
    /// that do not wait.
    long unheard(Workload workload) {
        String url = url(workload).orElseThrow();
        GetQueueAttributesResponse answer =
                AwsClients.await(sqs.client().getQueueAttributes(which -> which.queueUrl(url)
                        .attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES)));
        return answer.attributes().values().stream().mapToLong(Long::parseLong).sum();
    }

    private Optional<String> url(Workload workload) {
        return switch (workload) {
            case COMPUTING -> config.computing();
            case WAITING -> config.waiting();
            case PATIENT -> config.patient();
        };
    }
}
