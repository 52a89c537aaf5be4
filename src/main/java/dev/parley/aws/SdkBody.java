package dev.parley.aws;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/// A body as the AWS SDK reads it, from one as the JDK's client gives it.
///
/// @param done is complete when the body is read; completing it earlier closes the connection
record SdkBody(Flow.Publisher<List<ByteBuffer>> body, CompletableFuture<Void> done)
        implements Flow.Publisher<ByteBuffer> {

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        body.subscribe(new Joined(subscriber, done));
    }

    private record Joined(Flow.Subscriber<? super ByteBuffer> subscriber, CompletableFuture<Void> done)
            implements Flow.Subscriber<List<ByteBuffer>> {

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            done.whenComplete((_, _) -> subscription.cancel());
            subscriber.onSubscribe(subscription);
        }

        @Override
        public void onNext(List<ByteBuffer> parts) {
            var joined = ByteBuffer.allocate(
                    parts.stream().mapToInt(ByteBuffer::remaining).sum());
            parts.forEach(joined::put);
            subscriber.onNext(joined.flip());
        }

        @Override
        public void onError(Throwable failure) {
            subscriber.onError(failure);
            done.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            subscriber.onComplete();
            done.complete(null);
        }
    }
}
