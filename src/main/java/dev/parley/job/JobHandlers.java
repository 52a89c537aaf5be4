package dev.parley.job;

import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The handlers of this process by the kind of job they do. A worker claims no other kind: during a release, jobs of
/// a newer kind wait for a process that knows it.
@ApplicationScoped
class JobHandlers {

    private final Map<String, JobHandler> byKind;

    JobHandlers(@All List<JobHandler> handlers) {
        this.byKind = handlers.stream().collect(Collectors.toUnmodifiableMap(JobHandler::kind, Function.identity()));
    }

    Set<String> kinds(Workload workload) {
        return byKind.values().stream()
                .filter(handler -> handler.workload() == workload)
                .map(JobHandler::kind)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// What a kind of job is like; empty for one that only other releases know.
    Optional<Workload> workload(String kind) {
        return Optional.ofNullable(byKind.get(kind)).map(JobHandler::workload);
    }

    JobHandler of(Job job) {
        JobHandler handler = byKind.get(job.kind());
        if (handler == null) {
            throw new IllegalStateException("No handler for " + job);
        }
        return handler;
    }
}
