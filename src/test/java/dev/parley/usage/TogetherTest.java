package dev.parley.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parley.postgres.DatabaseBusy;
import dev.parley.postgres.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// An input is a number; two of the same remainder by ten are kept apart.
@Timeout(30)
class TogetherTest {

    private final TenantId tenant = new TenantId(UUID.randomUUID());
    private final ConcurrentLinkedQueue<List<Integer>> groups = new ConcurrentLinkedQueue<>();
    private final AtomicInteger under = new AtomicInteger();
    private final AtomicInteger yields = new AtomicInteger(1);
    private final CountDownLatch firstIsUnderWay = new CountDownLatch(1);
    private final CountDownLatch firstMayEnd = new CountDownLatch(1);
    private final Together<Integer, String> together = new Together<>(each -> Set.of(each % 10), this::answer);

    private List<String> answer(TenantId whose, List<Integer> group, Duration patience) {
        assertThat(whose).isEqualTo(tenant);
        assertThat(under.incrementAndGet()).isEqualTo(1);
        groups.add(group);
        if (groups.size() == 1) {
            firstIsUnderWay.countDown();
            awaitEnd();
        }
        under.decrementAndGet();
        if (group.contains(13)) {
            throw new AssertionError("thirteen");
        }
        if (group.contains(17)) {
            throw new IllegalStateException("seventeen");
        }
        if (group.contains(23)) {
            throw new DatabaseBusy(false);
        }
        if (group.contains(29) && group.size() > 1 && yields.getAndDecrement() > 0) {
            throw new DatabaseBusy(true);
        }
        return group.stream().map(String::valueOf).toList();
    }

    /// As long as it may, but for the whole group, to be quick.
    private static void waitInVain(Duration patience) {
        try {
            Thread.sleep(patience.compareTo(Together.PATIENCE) < 0 ? patience : Duration.ZERO);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
        throw new DatabaseBusy(false);
    }

    private void awaitEnd() {
        try {
            assertThat(firstMayEnd.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Test
    void whoeverComesWhileACallIsUnderWaySharesTheNextOne() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = firstAnd(threads, List.of(1, 2, 3, 4));

            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get()).isEqualTo(String.valueOf(i));
            }
        }
        assertThat(groups).hasSize(2);
        assertThat(new ArrayList<>(groups).get(1)).containsExactlyInAnyOrder(1, 2, 3, 4);
    }

    @Test
    void inputsThatMustSeeEachOthersOutcomeGoOneAfterTheOther() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<String> each : firstAnd(threads, List.of(1, 11, 2, 21))) {
                each.get();
            }
        }
        assertThat(groups).hasSize(4);
    }

    @Test
    void aFailureIsEverybodysInItsGroupAndNobodyElses() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = firstAnd(threads, List.of(17, 2, 12));

            assertThat(answers.getFirst().get()).isEqualTo("0");
            assertThatThrownBy(() -> answers.get(1).get()).hasMessageContaining("seventeen");
        }
        assertThat(together.call(tenant, 5)).isEqualTo("5");
    }

    @Test
    void oneThatIsHeldUpIsFoundAndFailsAlone() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Integer> others = List.of(1, 2, 23, 4, 5, 6, 7, 8, 9);
            List<Future<String>> answers = firstAnd(threads, others);

            for (int i = 0; i < others.size(); i++) {
                Future<String> answer = answers.get(i + 1);
                if (others.get(i) == 23) {
                    assertThatThrownBy(answer::get).hasCauseInstanceOf(DatabaseBusy.class);
                } else {
                    assertThat(answer.get()).isEqualTo(String.valueOf(others.get(i)));
                }
            }
        }
    }

    @Test
    void aGroupThatYieldedToAnotherIsTriedOnceMoreAsItIs() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<String> each : firstAnd(threads, List.of(1, 29, 2))) {
                each.get();
            }
        }
        assertThat(groups).hasSize(3);
        assertThat(new ArrayList<>(groups).get(2)).containsExactlyInAnyOrder(1, 29, 2);
    }

    @Test
    void whenAllAreHeldUpNobodyWaitsForEach() throws Exception {
        var all = new Together<Integer, String>(none -> Set.of(), (whose, group, patience) -> {
            groups.add(group);
            if (groups.size() == 1) {
                firstIsUnderWay.countDown();
                awaitEnd();
            }
            waitInVain(patience);
            return List.of();
        });
        var failed = new ArrayList<Future<?>>();
        long start;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            failed.add(threads.submit(() -> all.call(tenant, 0)));
            firstIsUnderWay.await();
            for (int i = 1; i <= 64; i++) {
                int input = i;
                failed.add(threads.submit(() -> all.call(tenant, input)));
            }
            await().until(() -> all.waiting(tenant) == 64);
            start = System.nanoTime();
            firstMayEnd.countDown();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
        for (Future<?> each : failed) {
            assertThatThrownBy(each::get).hasCauseInstanceOf(DatabaseBusy.class);
        }
    }

    @Test
    void anErrorLeavesNobodyWaiting() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = firstAnd(threads, List.of(13, 2));

            assertThatThrownBy(() -> answers.get(1).get()).isNotNull();
            assertThatThrownBy(() -> answers.get(2).get()).isNotNull();
        }
        assertThat(together.call(tenant, 5)).isEqualTo("5");
    }

    @Test
    void manyAtOnceAllGetTheirOwnAnswer() throws Exception {
        firstMayEnd.countDown();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = new ArrayList<Callable<String>>();
            for (int i = 0; i < 2_000; i++) {
                int input = 1_000 + i * 10 + i % 3;
                calls.add(() -> together.call(tenant, input).equals(String.valueOf(input)) ? "own" : "foreign");
            }
            for (Future<String> each : threads.invokeAll(calls)) {
                assertThat(each.get()).isEqualTo("own");
            }
        }
    }

    /// The answers to 0, which is under way until all others wait, and to the others.
    private List<Future<String>> firstAnd(ExecutorService threads, List<Integer> others) throws Exception {
        var answers = new ArrayList<Future<String>>();
        answers.add(threads.submit(() -> together.call(tenant, 0)));
        firstIsUnderWay.await();
        for (int each : others) {
            answers.add(threads.submit(() -> together.call(tenant, each)));
        }
        await().until(() -> together.waiting(tenant) == others.size());
        firstMayEnd.countDown();
        return answers;
    }
}
