package dev.parley.model.bedrock;

import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.parley.model.ProviderError;
import dev.parley.model.ProviderFailure;
import dev.parley.model.ProviderSettings;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamOutput;

/// The events of a stream, for a thread that waits for one after the other. The next one is asked for when the last
/// is dealt with, so a slow listener slows the provider down instead of filling a queue.
final class StreamedEvents implements Subscriber<ConverseStreamOutput>, StreamingHandle {

    private final ProviderSettings.Timeouts timeouts;
    private final BedrockFailures failures;
    private final long end;
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private long quietUntil;
    private boolean heard;
    private volatile @Nullable Subscription subscription;
    private volatile boolean cancelled;

    StreamedEvents(ProviderSettings.Timeouts timeouts, BedrockFailures failures) {
        this.timeouts = timeouts;
        this.failures = failures;
        long now = System.nanoTime();
        this.end = now + timeouts.call().toNanos();
        this.quietUntil = now + timeouts.firstToken().toNanos();
    }

    private sealed interface Signal {
        record Event(ConverseStreamOutput event) implements Signal {}

        record Failed(Throwable failure) implements Signal {}

        record Ended() implements Signal {}
    }

    /// The next event; empty at the end.
    ///
    /// @throws ProviderFailure when there is none, or none in time
    Optional<ConverseStreamOutput> next() {
        if (cancelled) {
            return Optional.empty();
        }
        Subscription source = subscription;
        if (heard && source != null) {
            source.request(1);
        }
        return switch (await()) {
            case Signal.Event(ConverseStreamOutput event) -> Optional.of(event);
            case Signal.Failed(Throwable failure) -> throw failures.of(failure);
            case Signal.Ended ended -> Optional.empty();
        };
    }

    private Signal await() {
        long now = System.nanoTime();
        try {
            Signal signal = signals.poll(Math.min(end, quietUntil) - now, TimeUnit.NANOSECONDS);
            if (signal == null) {
                boolean stalled = heard && System.nanoTime() < end;
                throw new ProviderFailure(stalled ? new ProviderError.Stalled() : new ProviderError.TimedOut());
            }
            heard = true;
            quietUntil = System.nanoTime() + timeouts.stall().toNanos();
            return signal;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ProviderFailure(new ProviderError.Stopped(true), interrupted);
        }
    }

    /// The call is over: well, if there was no failure.
    void end(@Nullable Throwable failure) {
        signals.add(failure == null ? new Signal.Ended() : new Signal.Failed(failure));
    }

    @Override
    public void onSubscribe(Subscription source) {
        subscription = source;
        source.request(1);
    }

    @Override
    public void onNext(ConverseStreamOutput event) {
        signals.add(new Signal.Event(event));
    }

    @Override
    public void onError(Throwable failure) {
        end(failure);
    }

    /// The call itself tells its end.
    @Override
    public void onComplete() {}

    @Override
    public void cancel() {
        cancelled = true;
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }
}
