package dev.parley.chat;

import dev.parley.problem.Problem;
import dev.parley.stream.Delivery;
import dev.parley.stream.Endings;
import dev.parley.stream.TurnEvents;
import dev.parley.usage.Fate;
import dev.parley.usage.LastEvents;
import dev.parley.usage.TurnLost;
import java.util.concurrent.CancellationException;
import java.util.function.BiConsumer;
import java.util.function.LongFunction;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// A turn's frames on their way to its clients and its log. Of the frames that tell the end the last one waits for the
/// settlement: before it nothing is over.
final class StreamedFrames implements TurnFrames {

    private static final Logger LOG = Logger.getLogger(StreamedFrames.class);

    private final TurnEvents events;
    private final Endings endings;

    private boolean ending;
    private boolean speechless;
    private @Nullable LongFunction<String> latest;
    private volatile @Nullable Told told;

    StreamedFrames(TurnEvents events, Endings endings) {
        this.events = events;
        this.endings = endings;
    }

    @Override
    public void send(LongFunction<String> frame) {
        if (!ending) {
            emit(frame);
            return;
        }
        emitLatest(events::emit);
        latest = frame;
    }

    private void emit(LongFunction<String> frame) {
        long sequence = events.next();
        events.emit(sequence, frame.apply(sequence));
    }

    @Override
    public void ending() {
        ending = true;
    }

    /// A turn that has ended is settled, even when there is no number left to tell it with.
    private void emitLatest(BiConsumer<Long, String> how) {
        if (latest == null || speechless) {
            return;
        }
        try {
            long sequence = events.next();
            how.accept(sequence, latest.apply(sequence));
        } catch (Problem | TurnLost | CancellationException failure) {
            LOG.warnf("A turn ends without its last events: %s", failure.getMessage());
            speechless = true;
        }
    }

    @Override
    public boolean isCancelled() {
        return events.isCancelled();
    }

    @Override
    public @Nullable LastEvents last() {
        emitLatest(events::emitLast);
        return events.last();
    }

    @Override
    public void settled(Fate fate, Told outcome) {
        told = outcome;
        if (fate.isKept() && !speechless) {
            events.settled();
        } else {
            // In place of the last frame, which nobody may see.
            events.endWith(endings.unfinished(new Delivery.Unfinished(0, -1)));
        }
    }

    /// How the turn ended; null while it has not.
    @Nullable
    Told told() {
        return told;
    }
}
