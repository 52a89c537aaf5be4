package dev.parley.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.aws.AwsClients;
import dev.parley.aws.AwsLink;
import dev.parley.invocation.Deadline;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.ElasticMq;
import dev.parley.testing.TestTenant;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.Message;

/// Jobs that run only when a queue calls for them, as in a function: the test hands the queue's messages over, as
/// Lambda does.
@QuarkusTest
@WithTestResource(RingingQueues.class)
class DoorbellIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Deadline PLENTY = Deadline.in(Duration.ofMinutes(10));

    @Inject
    Jobs jobs;

    @Inject
    ScriptedJobs scripted;

    @Inject
    Transactions transactions;

    @Inject
    RingHandler handler;

    @Inject
    JobQueue queued;

    @Inject
    JobHandlers handlers;

    @Inject
    LostRings lostRings;

    @Inject
    Doorbell doorbell;

    @Inject
    AwsClients aws;

    private final TestTenant tenant = TestTenant.create();
    private ElasticMq.Queue queue;

    @BeforeEach
    void beginAlone() {
        queued.claim(handlers.kinds(Workload.COMPUTING), 1_000, Deadline.NONE); // what other tests have left
        String endpoint = ConfigProvider.getConfig().getValue("parley.job.queues.endpoint", String.class);
        SqsAsyncClient client = aws.open(SqsAsyncClient.builder(), AwsLink.to(Optional.of(endpoint)));
        for (Workload workload : Workload.values()) { // other tests leave jobs of each
            ElasticMq.Queue.create(client, workload.name().toLowerCase(Locale.ROOT));
        }
        queue = ElasticMq.Queue.create(client, "computing");
        queue.purge();
    }

    private List<String> add(int count) {
        List<String> subjects = IntStream.range(0, count)
                .mapToObj(_ -> UUID.randomUUID().toString())
                .toList();
        subjects.forEach(subject -> jobs.add(tenant.id(), ScriptedJobs.KIND, subject));
        return subjects;
    }

    private void flush() throws InterruptedException {
        doorbell.flush(Duration.ofSeconds(10));
    }

    /// What Lambda does with a message: it is gone when it was handled.
    private void deliver(Message message) {
        try {
            handler.handle(JSON.readTree(message.body()), PLENTY);
            queue.delete(message);
        } catch (Exception again) {
            throw new IllegalStateException(again);
        }
    }

    private List<Message> receiveAll() {
        var all = new ArrayList<Message>();
        for (List<Message> some = queue.receive(); !some.isEmpty(); some = queue.receive()) {
            all.addAll(some);
        }
        return all;
    }

    private long jobsLeft() {
        return transactions.inTenant(
                tenant.id(), connection -> Sql.first(connection, "SELECT count(*) FROM jobs", row -> row.getLong(1))
                        .orElseThrow());
    }

    @Test
    void aCommittedJobRingsOnceAndRunsWhenItIsCalled() throws Exception {
        String subject = add(1).getFirst();
        flush();

        List<Message> rings = receiveAll();
        assertThat(rings).hasSize(1);
        assertThat(rings.getFirst().body()).isEqualTo("{\"parley\":\"job\",\"workload\":\"computing\"}");
        assertThat(scripted.runs(subject)).isZero();

        deliver(rings.getFirst());
        assertThat(scripted.runs(subject)).isEqualTo(1);
        assertThat(jobsLeft()).isZero();
    }

    @Test
    void aRolledBackJobNeitherRingsNorRuns() throws Exception {
        assertThatThrownBy(() -> transactions.runInTenant(tenant.id(), _ -> {
                    add(1);
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        flush();

        assertThat(receiveAll()).isEmpty();
        assertThat(jobsLeft()).isZero();
    }

    @Test
    void ringsThatAreLostComeTwiceOrOutOfOrderDoNoHarm() throws Exception {
        var random = new Random(42);
        List<String> subjects = add(40);
        flush();

        var deliveries = new ArrayList<Message>();
        for (Message ring : receiveAll()) {
            switch (random.nextInt(3)) {
                case 0 -> queue.delete(ring); // lost
                case 1 -> deliveries.add(ring);
                default -> deliveries.addAll(List.of(ring, ring));
            }
        }
        Collections.shuffle(deliveries, random);
        deliveries.forEach(this::deliver);
        await().until(() -> {
            lostRings.run();
            flush();
            queue.receive().forEach(this::deliver);
            return jobsLeft() == 0;
        });

        assertThat(subjects)
                .allSatisfy(subject -> assertThat(scripted.runs(subject)).isEqualTo(1));
    }

    @Test
    void ringsThatAreUnderWayAreNotRungForAgain() throws Exception {
        add(5);
        flush();

        lostRings.run();
        flush();

        List<Message> rings = receiveAll();
        assertThat(rings).hasSize(5);
        rings.forEach(this::deliver);
        assertThat(jobsLeft()).isZero();
    }

    @Test
    void aJobOfALaterTimeRingsAtThatTime() throws Exception {
        jobs.add(tenant.id(), ScriptedJobs.KIND, "later", Duration.ofSeconds(6));
        flush();

        assertThat(receiveAll()).isEmpty();
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            queue.receive().forEach(this::deliver);
            return jobsLeft() == 0;
        });
    }

    @Test
    void aFailedAttemptRingsForTheNextOne() throws Exception {
        String subject = UUID.randomUUID().toString();
        scripted.script(subject, (_, _) -> {
            if (scripted.runs(subject) < 3) {
                throw new IllegalStateException("not yet");
            }
        });
        jobs.add(tenant.id(), ScriptedJobs.KIND, subject);

        await().atMost(Duration.ofSeconds(20)).until(() -> {
            flush();
            queue.receive().forEach(this::deliver);
            return jobsLeft() == 0;
        });
        assertThat(scripted.runs(subject)).isEqualTo(3);
    }

    @Test
    void theOneWhoseTurnItIsGoesFirstWhateverTheRingsOrder() throws Exception {
        TestTenant small = TestTenant.create();
        add(20);
        jobs.add(small.id(), ScriptedJobs.KIND, "small");
        flush();

        receiveAll().stream().limit(2).forEach(this::deliver);

        assertThat(scripted.runs("small")).isEqualTo(1);
        receiveAll();
        lostRings.run();
        flush();
        await().until(() -> {
            queue.receive().forEach(this::deliver);
            return jobsLeft() == 0;
        });
    }

    @Test
    void aJobThatOutlastsItsInvocationGoesOnInTheNextOne() throws Exception {
        String subject = UUID.randomUUID().toString();
        var parts = new AtomicInteger();
        var never = new CountDownLatch(1);
        scripted.script(subject, (_, lease) -> {
            lease.runInTransaction(_ -> parts.incrementAndGet());
            if (parts.get() < 3) {
                never.await();
            }
        });
        jobs.add(tenant.id(), ScriptedJobs.KIND, subject);

        await().atMost(Duration.ofSeconds(30)).until(() -> {
            flush();
            for (Message ring : queue.receive()) {
                handler.handle(JSON.readTree(ring.body()), Deadline.in(Duration.ofSeconds(4)));
                queue.delete(ring);
            }
            return jobsLeft() == 0;
        });
        assertThat(parts).hasValue(3);
    }

    @Test
    void aJobThatGetsNowhereInAnInvocationUsesUpItsAttempts() throws Exception {
        String subject = UUID.randomUUID().toString();
        scripted.script(subject, (_, _) -> Thread.sleep(60_000));
        jobs.add(tenant.id(), ScriptedJobs.KIND, subject);

        await().atMost(Duration.ofSeconds(40)).until(() -> {
            flush();
            for (Message ring : queue.receive()) {
                handler.handle(JSON.readTree(ring.body()), Deadline.in(Duration.ofSeconds(3)));
                queue.delete(ring);
            }
            return scripted.isBuried(subject);
        });
        assertThat(scripted.runs(subject)).isEqualTo(5);
    }
}
