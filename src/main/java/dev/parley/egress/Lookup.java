package dev.parley.egress;

import dev.parley.egress.EgressError.Phase;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Looks names up within a time limit, on threads of its own: a lookup cannot be broken off, and on a virtual thread
/// it would hold one of the few threads that carry them all for as long as a hostile name server likes.
@ApplicationScoped
class Lookup {

    private final Resolver resolver;
    private final ThreadPoolExecutor threads;

    Lookup(Resolver resolver, EgressConfig config) {
        this.resolver = resolver;
        this.threads = new ThreadPoolExecutor(
                config.lookups(),
                config.lookups(),
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("egress-lookup-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /// @throws EgressFailure if there is none, or none in time
    List<InetAddress> addresses(String name, long nanos) {
        var lookup = threads.submit(() -> resolver.resolve(name));
        try {
            List<InetAddress> found = lookup.get(nanos, TimeUnit.NANOSECONDS);
            if (found.isEmpty()) {
                throw new EgressFailure(new EgressError.Unresolvable(name));
            }
            return found;
        } catch (ExecutionException failure) {
            throw new EgressFailure(new EgressError.Unresolvable(name), failure.getCause());
        } catch (TimeoutException late) {
            throw new EgressFailure(new EgressError.TimedOut(name, Phase.RESOLUTION), late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new EgressFailure(new EgressError.Stopped(), interrupted);
        } finally {
            lookup.cancel(true);
        }
    }

    @PreDestroy
    void stop() {
        threads.shutdownNow();
    }
}
