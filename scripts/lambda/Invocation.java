import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

/// One event on its way through a function.
final class Invocation {

    private final String id = UUID.randomUUID().toString();
    private final String traceId;
    private final byte[] event;
    private final Receiver receiver;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private volatile Instant deadline = Instant.MAX;
    private volatile Optional<Duration> init = Optional.empty();
    private volatile String environment = "-";
    private volatile boolean answering;

    Invocation(byte[] event, String traceId, Receiver receiver) {
        this.event = event;
        this.traceId = traceId;
        this.receiver = receiver;
    }

    /// A trace as X-Ray names one.
    static String newTraceId() {
        var random = ThreadLocalRandom.current();
        return "Root=1-%08x-%08x%016x".formatted(Instant.now().getEpochSecond(), random.nextInt(), random.nextLong());
    }

    String id() {
        return id;
    }

    String traceId() {
        return traceId;
    }

    byte[] event() {
        return event;
    }

    Receiver receiver() {
        return receiver;
    }

    CompletableFuture<Outcome> outcome() {
        return outcome;
    }

    Instant deadline() {
        return deadline;
    }

    /// How long its environment took to get ready; empty when it was warm.
    Optional<Duration> init() {
        return init;
    }

    String environment() {
        return environment;
    }

    /// Its time counts from here: the start of an environment is not part of it.
    void assign(String environment, Duration timeout) {
        this.environment = environment;
        this.deadline = Instant.now().plus(timeout);
    }

    void waited(Duration init) {
        this.init = Optional.of(init);
    }

    /// Its answer has begun to arrive: how it ends is found out by whoever reads it.
    void answering() {
        answering = true;
    }

    boolean isAnswering() {
        return answering;
    }
}
