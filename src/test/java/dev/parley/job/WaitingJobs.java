package dev.parley.job;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Jobs of another workload than [ScriptedJobs], which are done at once.
@ApplicationScoped
class WaitingJobs implements JobHandler {

    static final String KIND = "test.waiting";

    private final Set<String> done = ConcurrentHashMap.newKeySet();

    boolean isDone(String subject) {
        return done.contains(subject);
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Workload workload() {
        return Workload.WAITING;
    }

    @Override
    public void run(Job job, Lease lease) {
        if (!Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("It waits on a thread that computing needs");
        }
        done.add(job.subject());
    }
}
