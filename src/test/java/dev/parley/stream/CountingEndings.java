package dev.parley.stream;

/// Tells numbers.
final class CountingEndings implements Endings {

    @Override
    public String lost(Delivery.Lost lost) {
        return "data: lost %d to %d\n\n".formatted(lost.first(), lost.next());
    }

    @Override
    public String unfinished(Delivery.Unfinished unfinished) {
        return "data: unfinished %d after %d\n\n".formatted(unfinished.sequence(), unfinished.lastDurable());
    }
}
