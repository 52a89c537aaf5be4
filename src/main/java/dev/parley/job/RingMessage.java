package dev.parley.job;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Optional;

/// What a ring says: `{"parley":"job","workload":"waiting"}`.
final class RingMessage {

    private RingMessage() {}

    static String of(Workload workload) {
        return "{\"parley\":\"job\",\"workload\":\"%s\"}"
                .formatted(workload.name().toLowerCase(Locale.ROOT));
    }

    static Optional<Workload> read(JsonNode body) {
        if (!body.path("parley").asText().equals("job")) {
            return Optional.empty();
        }
        for (Workload each : Workload.values()) {
            if (each.name().equalsIgnoreCase(body.path("workload").asText())) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }
}
