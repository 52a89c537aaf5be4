package dev.parley.job;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A kind of job whose every subject does what its test says.
@ApplicationScoped
class ScriptedJobs implements JobHandler {

    static final String KIND = "test.scripted";

    interface Script {
        void run(Job job, Lease lease) throws Exception;
    }

    private final Map<String, Script> scripts = new ConcurrentHashMap<>();
    private final List<String> runs = new CopyOnWriteArrayList<>();
    private final List<String> buried = new CopyOnWriteArrayList<>();
    private final List<String> redriven = new CopyOnWriteArrayList<>();

    void script(String subject, Script script) {
        scripts.put(subject, script);
    }

    long runs(String subject) {
        return runs.stream().filter(subject::equals).count();
    }

    boolean isBuried(String subject) {
        return buried.contains(subject);
    }

    boolean isRedriven(String subject) {
        return redriven.contains(subject);
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void run(Job job, Lease lease) {
        runs.add(job.subject());
        try {
            scripts.getOrDefault(job.subject(), (_, _) -> {}).run(job, lease);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public void buried(Job job, JobFailure failure) {
        buried.add(job.subject());
    }

    @Override
    public void redriven(Job job) {
        redriven.add(job.subject());
    }
}
