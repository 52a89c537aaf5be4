package dev.parley.prompt;

import io.quarkus.runtime.annotations.RegisterForReflection;

/// Buckets of a label that go to one version, from the first to before the end.
@RegisterForReflection
record Share(int version, int first, int end) {

    int size() {
        return end - first;
    }
}
