package dev.parley.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Answers what a test says, and may change its mind from question to question.
final class HostileResolver implements Resolver {

    private final Map<String, Deque<List<InetAddress>>> answers = new ConcurrentHashMap<>();
    private final AtomicInteger questions = new AtomicInteger();
    private volatile long delayMillis;

    /// @param addresses of one answer; repeated calls make further answers, the last of which stays
    HostileResolver answer(String name, String... addresses) {
        answers.computeIfAbsent(name, _ -> new ArrayDeque<>())
                .add(Arrays.stream(addresses).map(one -> named(name, one)).toList());
        return this;
    }

    /// As the platform's resolver answers: with the name that was asked for, which a careless client asks for again.
    private static InetAddress named(String name, String address) {
        try {
            return InetAddress.getByAddress(name, InetAddress.ofLiteral(address).getAddress());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    void delay(long millis) {
        delayMillis = millis;
    }

    int questions() {
        return questions.get();
    }

    @Override
    public synchronized List<InetAddress> resolve(String name) throws UnknownHostException {
        questions.incrementAndGet();
        pause();
        Deque<List<InetAddress>> left = answers.get(name);
        if (left == null) {
            throw new UnknownHostException(name);
        }
        return left.size() > 1 ? left.poll() : left.peek();
    }

    private void pause() throws UnknownHostException {
        try {
            Thread.sleep(delayMillis);
        } catch (InterruptedException stopped) {
            throw new UnknownHostException("stopped");
        }
    }
}
