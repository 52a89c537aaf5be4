package dev.parley.stream;

import dev.parley.stream.Delivery.Event;
import dev.parley.stream.Delivery.Silence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What tests read from a stream.
final class Reading {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Reading() {}

    static Delivery next(ClientStream client) throws InterruptedException {
        return client.next(PATIENCE);
    }

    /// Everything but silences up to the end, that excluded.
    static List<Delivery> rest(ClientStream client) throws InterruptedException {
        var all = new ArrayList<Delivery>();
        Delivery next = next(client);
        while (!(next instanceof Delivery.End)) {
            if (next instanceof Silence) {
                throw new AssertionError("Nothing came after " + (all.isEmpty() ? "the start" : all.getLast()));
            }
            all.add(next);
            next = next(client);
        }
        return all;
    }

    static List<Delivery> some(ClientStream client, int count) throws InterruptedException {
        var some = new ArrayList<Delivery>();
        while (some.size() < count) {
            some.add(next(client));
        }
        return some;
    }

    /// Events from first to next - 1 as [#frame] makes them.
    static List<Delivery> events(long first, long next) {
        var events = new ArrayList<Delivery>();
        for (long sequence = first; sequence < next; sequence++) {
            events.add(new Event(sequence, frame(sequence), false));
        }
        return events;
    }

    static String frame(long sequence) {
        return "data: {\"n\":%d}\n\n".formatted(sequence);
    }

    static void emit(TurnEvents events, int count) {
        for (int i = 0; i < count; i++) {
            long sequence = events.next();
            events.emit(sequence, frame(sequence));
        }
    }
}
