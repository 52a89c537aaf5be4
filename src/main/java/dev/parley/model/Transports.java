package dev.parley.model;

import dev.parley.postgres.Json;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;

/// Opens the HTTP clients of providers.
@ApplicationScoped
public class Transports {

    private final Json json;
    private final Clock clock;

    Transports(Json json, Clock clock) {
        this.json = json;
        this.clock = clock;
    }

    public ProviderHttp open(ProviderSettings provider) {
        return new ProviderHttp(provider.timeouts(), json, clock);
    }
}
