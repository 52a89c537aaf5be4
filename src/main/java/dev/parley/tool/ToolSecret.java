package dev.parley.tool;

import java.time.Instant;
import java.util.Set;

/// What is known of a secret by those who manage it: all but its value.
///
/// @param hosts the only ones it is sent to: host, or host:port where the port is not the scheme's own
record ToolSecret(String name, Set<String> hosts, Instant createdAt, Instant updatedAt) {

    /// A secret with what is secret about it; it is made for one request and kept nowhere.
    record Value(String text, Set<String> hosts) {

        @Override
        public String toString() {
            return "secret";
        }
    }
}
