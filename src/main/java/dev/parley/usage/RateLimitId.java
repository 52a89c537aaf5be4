package dev.parley.usage;

import dev.parley.postgres.Ids;
import java.util.UUID;

record RateLimitId(UUID value) {

    static final String PREFIX = "rlimit_";

    @Override
    public String toString() {
        return Ids.format(PREFIX, value);
    }
}
