package dev.parley.chat;

import dev.parley.usage.Fate;
import dev.parley.usage.LastEvents;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// A turn's frames up to its settlement: what tells of its end reaches clients only once it is written.
interface TurnFrames extends Frames {

    /// Whether somebody asked for the turn's end.
    boolean isCancelled();

    /// The frames from now on are the last: they are held back.
    void ending();

    /// What the event log lacks; null without a log. The log is left to the settlement from here on.
    @Nullable
    LastEvents last();

    /// Lets the last frames go, or, when the turn was lost, drops them.
    void settled(Fate fate, Told told);

    /// For turns that nobody listens to.
    TurnFrames NONE = new TurnFrames() {
        @Override
        public void send(LongFunction<String> frame) {}

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void ending() {}

        @Override
        public @Nullable LastEvents last() {
            return null;
        }

        @Override
        public void settled(Fate fate, Told told) {}
    };
}
