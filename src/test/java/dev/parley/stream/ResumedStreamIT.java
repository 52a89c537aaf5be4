package dev.parley.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.postgres.TenantId;
import dev.parley.stream.Delivery.Event;
import dev.parley.testing.TestTenant;
import dev.parley.usage.Ticket;
import dev.parley.usage.Turns;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A client that is cut off again and again while one long turn runs. How often it comes back, where to, how far it
/// reads and how far the turn has gone meanwhile is drawn by lot; a failure names the seed.
@QuarkusTest
@Timeout(180)
class ResumedStreamIT {

    private static final int CUTS = 100;
    private static final int LONGEST_BURST = 120;
    private static final Executor VIRTUAL = task -> Thread.ofVirtual().start(task);

    private final EventLogs here;
    private final EventLogs elsewhere;
    private final TestTurn turns;
    private final TenantId tenant = TestTenant.create().id();
    private final long seed = System.nanoTime();
    private final Random lot = new Random(seed);

    private final StringBuilder said = new StringBuilder();
    private final StringBuilder heard = new StringBuilder();
    private final Semaphore mayEmit = new Semaphore(0);
    private volatile boolean mayEnd;
    private long lastHeard = -1;

    ResumedStreamIT(EventLogs here, EventLog log, Turns settling, TestTurn turns) {
        this.here = here;
        this.elsewhere = new EventLogs(log, settling, StreamSettings.with());
        this.turns = turns;
    }

    @Test
    void aHundredCutsChangeNothingOfWhatIsRead() throws Exception {
        Ticket ticket = turns.admit(tenant);
        TurnEvents events = here.open(ticket, true);
        var words = new Random(seed + 1);
        var turn = CompletableFuture.runAsync(() -> run(events, ticket, words), VIRTUAL);

        for (int cut = 0; cut < CUTS; cut++) {
            EventLogs process = lot.nextInt(3) == 0 ? elsewhere : here;
            ClientStream client = process.follow(tenant, ticket.turn(), lastHeard);
            // Now and then more than a live client may be behind: it is detached before it reads.
            mayEmit.release(lot.nextInt(10) == 0 ? 3 * LiveQueue.CAPACITY : lot.nextInt(LONGEST_BURST));
            hear(client, lot.nextInt(4 * LONGEST_BURST));
            client.abandon();
        }
        mayEnd = true;
        mayEmit.release();
        turn.join();
        hear(elsewhere.follow(tenant, ticket.turn(), lastHeard), Integer.MAX_VALUE);

        assertThat(heard).as("seed %d", seed).hasToString(said.toString());
        assertThat(heard.length()).isGreaterThan(CUTS * LONGEST_BURST);
    }

    private void run(TurnEvents events, Ticket ticket, Random words) {
        try (events) {
            while (!mayEnd || mayEmit.availablePermits() > 0) {
                mayEmit.acquireUninterruptibly();
                emit(events, "%x ".formatted(words.nextInt()));
            }
            said.append("end");
            events.emitLast(events.next(), "end");
            turns.settle(ticket, events.last());
            events.settled();
        }
    }

    private void emit(TurnEvents events, String word) {
        said.append(word);
        events.emit(events.next(), word);
    }

    /// Every event that is heard must be the next one.
    private void hear(ClientStream client, int most) throws InterruptedException {
        for (int i = 0; i < most; i++) {
            if (!(client.next(Duration.ofMillis(100)) instanceof Event event)) {
                return;
            }
            assertThat(event.sequence()).as("seed %d", seed).isEqualTo(lastHeard + 1);
            lastHeard = event.sequence();
            heard.append(event.frame());
        }
    }
}
