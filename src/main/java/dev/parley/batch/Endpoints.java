package dev.parley.batch;

import dev.parley.problem.Problem;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The endpoints that batches can ask.
@ApplicationScoped
class Endpoints {

    private final Map<String, Endpoint> byPath;

    Endpoints(@All List<Endpoint> endpoints) {
        this.byPath = endpoints.stream().collect(Collectors.toUnmodifiableMap(Endpoint::path, Function.identity()));
    }

    /// @throws Problem (400) for one that is not served
    Endpoint get(String path) {
        Endpoint endpoint = byPath.get(path);
        if (endpoint == null) {
            throw Problem.invalid(
                    "endpoint",
                    "'endpoint' must be one of %s."
                            .formatted(byPath.keySet().stream().sorted().toList()));
        }
        return endpoint;
    }
}
