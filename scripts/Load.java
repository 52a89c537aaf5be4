import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Asks questions at a rate, or as fast as a number of clients gets answers, from one event loop: it shares the machine
/// with what it measures, so it parses nothing and looks only for the mark of each question.
final class Load {

    private static final int MOST_CONNECTIONS = 256;
    private static final int MOST_FAULTS = 20;

    /// With answers, once all is asked.
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Context loop;
    private final HttpClient client;
    private volatile Answered answered = new Answered(0, 0);
    private final List<String> faults = Collections.synchronizedList(new ArrayList<>());

    Load(Vertx vertx) {
        this.loop = vertx.getOrCreateContext();
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setMaxPoolSize(MOST_CONNECTIONS).setKeepAlive(true).setTcpNoDelay(true));
    }

    /// What was answered otherwise than it should have been, at most some of it.
    List<String> faults() {
        return faults;
    }

    /// Turns of Parley that were answered, and the messages that the provider must have been sent for them.
    record Answered(long turns, long messages) {

        Answered plus(int sent) {
            return new Answered(turns + 1, messages + sent);
        }
    }

    /// Since it was last asked. Nothing runs meanwhile.
    Answered takeAnswered() {
        var taken = answered;
        answered = new Answered(0, 0);
        return taken;
    }

    /// Where questions come from.
    interface Source {
        /// Called by the event loop only. Null when there is none left.
        Question next();

        void answered(Question question);
    }

    /// Asks Parley in conversations, one turn of each at a time.
    ///
    /// @param again whether a conversation is used again when its turn has ended
    record Talks(Deque<Question.Talk> free, boolean streamed, boolean again) implements Source {

        @Override
        public Question next() {
            return free.isEmpty() ? null : Question.toParley(free.removeFirst(), streamed);
        }

        @Override
        public void answered(Question question) {
            if (again) free.addLast(question.talk());
        }
    }

    /// Asks the provider without Parley.
    record Bare(boolean streamed) implements Source {

        @Override
        public Question next() {
            return Question.toProvider(streamed);
        }

        @Override
        public void answered(Question question) {}
    }

    /// What was measured of answers: nanoseconds, sorted.
    record Sample(long[] nanos, double seconds) {

        double millis(double quantile) {
            return nanos.length == 0 ? Double.NaN : nanos[(int) Math.min(nanos.length - 1, nanos.length * quantile)] / 1e6;
        }

        double rate() {
            return nanos.length / seconds;
        }
    }

    /// Sends a question every so often, whether or not the ones before have answers, and counts from when each was due:
    /// who is late to answer is not spared the next question, and who is late to send it is part of what is measured.
    /// Of streams it measures the time to the first token.
    Sample atRate(int perSecond, int seconds, String url, Source source) throws InterruptedException {
        int count = perSecond * seconds;
        var run = new Run(url, source, count);
        long start = System.nanoTime() + 50_000_000;
        for (int i = 0; i < count; i++) {
            long due = start + i * 1_000_000_000L / perSecond;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) LockSupport.parkNanos(left);
            loop.runOnContext(_ -> run.ask(due, () -> {}));
        }
        run.await(seconds);
        return run.sample(Long.MAX_VALUE, seconds);
    }

    /// Has so many clients ask one question after the other.
    Sample asFastAsCan(int clients, int seconds, String url, Source source) throws InterruptedException {
        var run = new Run(url, source, clients);
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        for (int i = 0; i < clients; i++) loop.runOnContext(_ -> run.askUntil(end));
        run.await(seconds);
        return run.sample(end, seconds);
    }

    private final class Run {

        private final RequestOptions options;
        private final Source source;
        private final CountDownLatch ended;
        private final List<long[]> times = new ArrayList<>();

        /// @param asking how many questions or clients there are
        Run(String url, Source source, int asking) {
            this.options = new RequestOptions().setMethod(HttpMethod.POST).setAbsoluteURI(url + "/chat/completions")
                    .putHeader("Content-Type", "application/json");
            this.source = source;
            this.ended = new CountDownLatch(asking);
        }

        void await(int seconds) throws InterruptedException {
            if (!ended.await(seconds + PATIENCE.toSeconds(), TimeUnit.SECONDS))
                throw new Http.Refused(ended.getCount() + " questions have no answer");
        }

        void askUntil(long end) {
            long now = System.nanoTime();
            if (now >= end || faults.size() >= MOST_FAULTS) {
                ended.countDown();
                return;
            }
            send(now, () -> askUntil(end));
        }

        void ask(long due, Runnable then) {
            send(due, () -> {
                then.run();
                ended.countDown();
            });
        }

        private void send(long due, Runnable then) {
            var question = source.next();
            if (question == null) {
                wrong("no conversation is left", then);
                return;
            }
            var asked = new RequestOptions(options);
            if (question.talk() != null) {
                asked.putHeader("Authorization", "Bearer " + question.talk().key());
                asked.putHeader("Idempotency-Key", question.mark());
            }
            client.request(asked)
                    .compose(request -> request.send(question.body()))
                    .onSuccess(response -> read(response, question, due, then))
                    .onFailure(failure -> wrong(failure.toString(), then));
        }

        /// A whole answer is measured at its end, a stream when its first token is there.
        private void read(HttpClientResponse response, Question question, long due, Runnable then) {
            var text = new StringBuilder();
            var seen = new boolean[1];
            response.handler(part -> {
                text.append(part.toString());
                if (!seen[0] && question.streamed() && text.indexOf(question.mark()) >= 0) {
                    seen[0] = true;
                    times.add(new long[] {due, System.nanoTime()});
                }
            });
            response.exceptionHandler(failure -> wrong(failure.toString(), then));
            response.endHandler(_ -> {
                long now = System.nanoTime();
                if (response.statusCode() != 200 || text.indexOf(question.mark()) < 0 || !isWhole(text, question)) {
                    wrong(response.statusCode() + " " + text, then);
                    return;
                }
                if (!question.streamed()) times.add(new long[] {due, now});
                count(question);
                source.answered(question);
                then.run();
            });
        }

        private void count(Question question) {
            if (question.talk() == null) return;
            answered = answered.plus(question.talk().remembered() + 1);
        }

        private static boolean isWhole(StringBuilder text, Question question) {
            return !question.streamed() || text.indexOf("[DONE]") >= 0;
        }

        private void wrong(String what, Runnable then) {
            if (faults.size() < MOST_FAULTS) faults.add(what);
            then.run();
        }

        /// Of what was answered until then.
        Sample sample(long end, int seconds) {
            long[] nanos = times.stream()
                    .filter(time -> time[1] < end)
                    .mapToLong(time -> time[1] - time[0])
                    .toArray();
            Arrays.sort(nanos);
            return new Sample(nanos, seconds);
        }
    }
}
