import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// One execution environment: a process of the function, and the Runtime API that it alone talks to.
final class LambdaEnvironment implements Closeable {

    private final String name;
    private final LambdaSettings settings;
    private final Consumer<Poll> free;
    private final Map<String, Invocation> taken = new ConcurrentHashMap<>();
    private final CompletableFuture<Poll> first = new CompletableFuture<>();
    private final long started = System.nanoTime();
    private final RuntimeApi api;
    private final Process process;
    private final Set<Poll> polls = ConcurrentHashMap.newKeySet();
    private final AtomicInteger settling = new AtomicInteger();
    private volatile long lastUsed = System.nanoTime();
    private volatile Duration init = Duration.ZERO;

    /// One poll that waits: the environment is free for one invocation.
    record Poll(LambdaEnvironment environment, CompletableFuture<Invocation> work) {}

    /// Why an environment never got ready.
    static final class StartFailed extends RuntimeException {
        StartFailed(String message) {
            super(message);
        }
    }

    /// @param free is told of every poll but the first
    private LambdaEnvironment(String name, LambdaSettings settings, Consumer<Poll> free) throws IOException {
        this.name = name;
        this.settings = settings;
        this.free = free;
        this.api = new RuntimeApi(this);
        this.process = launch();
    }

    static LambdaEnvironment start(String name, LambdaSettings settings, Consumer<Poll> free) throws IOException {
        var environment = new LambdaEnvironment(name, settings, free);
        environment.process.onExit().thenAccept(environment::ended);
        return environment;
    }

    private Process launch() throws IOException {
        var builder = new ProcessBuilder(settings.command())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(settings.log().toFile()));
        builder.environment().putAll(variables());
        return builder.start();
    }

    /// As Lambda sets them: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    private Map<String, String> variables() {
        var region = System.getenv().getOrDefault("AWS_REGION", "us-east-1");
        var variables = new ConcurrentHashMap<String, String>();
        variables.put("AWS_LAMBDA_RUNTIME_API", api.address());
        variables.put("AWS_LAMBDA_FUNCTION_NAME", settings.functionName());
        variables.put("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
        variables.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", String.valueOf(settings.memory()));
        variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
        variables.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + settings.functionName());
        variables.put("AWS_LAMBDA_LOG_STREAM_NAME", logStream());
        variables.put("AWS_REGION", region);
        variables.put("AWS_DEFAULT_REGION", region);
        variables.put("_HANDLER", "not.used.in.provided.runtime");
        variables.put("LAMBDA_TASK_ROOT", System.getProperty("user.dir"));
        variables.put("LAMBDA_RUNTIME_DIR", System.getProperty("user.dir"));
        variables.put("TZ", ":UTC");
        variables.put("PARLEY_FUNCTION", settings.function());
        if (settings.concurrency() > 1) {
            variables.put("AWS_LAMBDA_MAX_CONCURRENCY", String.valueOf(settings.concurrency()));
        }
        // Only the gateway may be reached from outside, whatever the caller's environment says of ports.
        variables.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        variables.put("QUARKUS_HTTP_PORT", "0");
        return variables;
    }

    private static String logStream() {
        return "%s/[$LATEST]%016x".formatted(
                LocalDate.now().format(DateTimeFormatter.ofPattern("yyyy/MM/dd")), ThreadLocalRandom.current().nextLong());
    }

    String name() {
        return name;
    }

    LambdaSettings settings() {
        return settings;
    }

    /// Its first poll, which says that it is ready. Fails with [StartFailed].
    CompletableFuture<Poll> first() {
        return first;
    }

    /// From the start of the process to its first poll.
    Duration init() {
        return init;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    ProcessHandle process() {
        return process.toHandle();
    }

    /// Whether it has answered and not yet asked for more, which it is about to.
    boolean isSettling() {
        return settling.get() > 0 && isAlive();
    }

    boolean isUnusedFor(Duration time) {
        return first.isDone() && taken.isEmpty() && System.nanoTime() - lastUsed > time.toNanos();
    }

    /// Gives the invocation to a poll of this environment.
    void give(Poll poll, Invocation invocation) {
        invocation.assign(name, settings.timeout());
        taken.put(invocation.id(), invocation);
        polls.remove(poll);
        poll.work().complete(invocation);
        if (!isAlive()) ended(process);
    }

    // What the Runtime API hears.

    Poll polled() {
        lastUsed = System.nanoTime();
        settling.updateAndGet(left -> Math.max(0, left - 1));
        var poll = new Poll(this, new CompletableFuture<>());
        polls.add(poll);
        if (first.isDone()) {
            free.accept(poll);
        } else {
            init = Duration.ofNanos(System.nanoTime() - started);
            first.complete(poll);
        }
        return poll;
    }

    /// Null when there is none by that id.
    Invocation taken(String id) {
        return taken.get(id);
    }

    void over(Invocation invocation, Outcome outcome) {
        lastUsed = System.nanoTime();
        if (taken.remove(invocation.id()) != null) settling.incrementAndGet();
        invocation.outcome().complete(outcome);
    }

    void startFailed(String report) {
        first.completeExceptionally(new StartFailed(report));
    }

    private void ended(Process ended) {
        var reason = "the process ended with " + ended.exitValue();
        first.completeExceptionally(new StartFailed(reason));
        taken.values().stream()
                .filter(invocation -> !invocation.isAnswering())
                .forEach(invocation -> invocation.outcome().complete(new Outcome.Died(reason)));
        polls.forEach(poll -> poll.work().cancel(false));
        api.stop();
    }

    CompletableFuture<Process> onExit() {
        return process.onExit();
    }

    /// As Lambda ends one: at once.
    @Override
    public void close() {
        process.destroyForcibly();
        api.close();
    }
}
