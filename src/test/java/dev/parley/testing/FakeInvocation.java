package dev.parley.testing;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// One invocation as Lambda sees it: what was asked, and what came back, chunk by chunk as it arrives.
public final class FakeInvocation {

    /// A process may have to start first, on a machine that does much else.
    private static final int SECONDS = 90;
    private static final byte[] DELIMITER = new byte[8];

    final String id;
    final String event;
    final Instant deadline;
    final BlockingQueue<byte[]> chunks = new LinkedBlockingQueue<>();
    final CompletableFuture<Map<String, String>> head = new CompletableFuture<>();
    final CompletableFuture<Map<String, String>> trailers = new CompletableFuture<>();
    final CompletableFuture<String> error = new CompletableFuture<>();
    final CompletableFuture<String> whole = new CompletableFuture<>();
    final CompletableFuture<Void> over = new CompletableFuture<>();
    final Semaphore reading = new Semaphore(Integer.MAX_VALUE / 2);

    FakeInvocation(String id, String event, Instant deadline) {
        this.id = id;
        this.event = event;
        this.deadline = deadline;
    }

    /// Headers of the streamed response, names in lower case.
    public Map<String, String> head() throws Exception {
        return head.get(SECONDS, TimeUnit.SECONDS);
    }

    /// The JSON prelude: the first chunk without its delimiter, which must be eight NULs and nothing after them.
    public String prelude() throws Exception {
        byte[] first = chunk().getBytes(StandardCharsets.ISO_8859_1);
        int length = first.length - DELIMITER.length;
        if (!new String(first, length, DELIMITER.length, StandardCharsets.ISO_8859_1)
                        .equals(new String(DELIMITER, StandardCharsets.ISO_8859_1))
                || first[length - 1] != '}') {
            throw new AssertionError("The first chunk does not end with the delimiter");
        }
        return new String(first, 0, length, StandardCharsets.UTF_8);
    }

    /// The next chunk, waiting until it arrives.
    public String chunk() throws InterruptedException {
        byte[] chunk = chunks.poll(SECONDS, TimeUnit.SECONDS);
        if (chunk == null) {
            throw new AssertionError("No chunk arrived");
        }
        return new String(chunk, StandardCharsets.ISO_8859_1);
    }

    /// What is left of the body, waiting until it has ended.
    public String rest() throws Exception {
        trailers();
        List<byte[]> left = new java.util.ArrayList<>();
        chunks.drainTo(left);
        var text = new StringBuilder();
        left.forEach(chunk -> text.append(new String(chunk, StandardCharsets.UTF_8)));
        return text.toString();
    }

    /// The trailers, once the body has ended and the runtime has closed the connection.
    public Map<String, String> trailers() throws Exception {
        return trailers.get(SECONDS, TimeUnit.SECONDS);
    }

    public boolean hasEnded() {
        return trailers.isDone();
    }

    /// The response that came in one piece.
    public String whole() throws Exception {
        return whole.get(SECONDS, TimeUnit.SECONDS);
    }

    /// Waits until the runtime asks for its next invocation, which is when Lambda may freeze it.
    public void awaitOver() throws Exception {
        over.get(SECONDS, TimeUnit.SECONDS);
    }

    /// Whether the runtime has asked for its next invocation since.
    public boolean isOver() {
        return over.isDone();
    }

    /// Whether nobody reads its response.
    boolean isStalled() {
        return reading.availablePermits() == 0;
    }

    /// When Lambda ends its process.
    public Instant deadline() {
        return deadline;
    }

    public String id() {
        return id;
    }

    /// The error report's body, where the invocation failed before it had a response.
    public String error() throws Exception {
        return error.get(SECONDS, TimeUnit.SECONDS);
    }

    /// Lambda reads so many further chunks, and no other until [#readOn].
    public void readOnly(int chunks) {
        reading.drainPermits();
        reading.release(chunks);
    }

    public void readOn() {
        reading.release(Integer.MAX_VALUE / 2);
    }
}
