package dev.parley.job;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/// How this process works on the queue.
@ConfigMapping(prefix = "parley.job")
interface JobConfig {

    /// How many jobs that compute (parsing, embedding) run at once in this process; 0 for a process that only queues,
    /// whatever else is set. Each may keep a core busy, so more than the cores slow chats down; with a remote
    /// embedding model more is faster.
    @WithDefault("2")
    int workers();

    /// How many jobs that mostly wait for others, while somebody waits for them (answers in the background), run at
    /// once in this process. Each costs some memory and its provider's patience; fewer make clients wait in line.
    @WithDefault("32")
    int waitingWorkers();

    /// The same for jobs that have time (batches).
    @WithDefault("4")
    int patientWorkers();

    /// How long after a worker's death its jobs are taken over. Renewed at a third of it, so a shorter one costs
    /// writes, and one shorter than a pause of the process (GC, freeze) lets work be done twice and thrown away.
    @WithDefault("60s")
    Duration lease();

    /// How many times a job, or a stage of one, is tried before it becomes a dead letter.
    @WithDefault("5")
    int maxAttempts();

    /// The wait before the second attempt; it triples from attempt to attempt, with jitter.
    @WithDefault("2s")
    Duration firstRetry();

    /// The longest wait between two attempts.
    @WithDefault("5m")
    Duration longestRetry();

    /// How soon an idle process looks for jobs again; doubles up to `longest-poll` while there are none. Jobs that
    /// this process adds itself start at once, whatever the polling.
    @WithDefault("250ms")
    Duration shortestPoll();

    /// How late a job that another process added may start in an idle one. One cheap query each time.
    @WithDefault("2s")
    Duration longestPoll();

    /// How long running jobs may go on at shutdown before they are handed back. Must be shorter than what the
    /// platform grants before it kills.
    @WithDefault("20s")
    Duration shutdownGrace();

    /// Whether this process looks for jobs by itself. By default a server does, and a Lambda function does not: it is
    /// frozen between invocations, and called by a queue instead.
    Optional<Boolean> polling();

    /// Where other processes are called to jobs that this one adds.
    Queues queues();

    /// Queues of SQS whose messages wake functions.
    interface Queues {

        /// The URL of the queue for jobs that compute. A workload without a queue has only workers that look for jobs
        /// by themselves.
        Optional<String> computing();

        /// The same for jobs that somebody waits for.
        Optional<String> waiting();

        /// The same for jobs that have time.
        Optional<String> patient();

        /// When a message that failed is handed over again; four times as long each further time, an hour at most. As
        /// often as its queue allows.
        @WithDefault("1m")
        Duration retry();

        /// Where SQS is, if it is not AWS'.
        Optional<String> endpoint();
    }

    /// Tasks that run now and then.
    Rounds housekeeping();

    /// How this process does its part of the housekeeping.
    interface Rounds {

        /// Whether this process looks for due tasks by itself. At least one should; a Lambda function never does, and
        /// is called instead.
        @WithDefault("true")
        boolean enabled();

        /// How often this process asks whether a task is due: so late is one at most. One cheap query each time.
        @WithDefault("10s")
        Duration poll();

        /// How long a task with much to do goes on before it waits for its next turn, which then comes with the next
        /// poll. A single batch that takes twice as long is broken off.
        @WithDefault("30s")
        Duration turn();
    }
}
