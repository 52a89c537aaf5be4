package dev.parley.batch;

import java.util.UUID;

/// One of the jobs that work on a batch together. The first one leads: it checks the input and writes the files.
record Lane(BatchId batch, int number) {

    private static final String SEPARATOR = "/";

    static Lane first(BatchId batch) {
        return new Lane(batch, 0);
    }

    static Lane of(String subject) {
        String[] parts = subject.split(SEPARATOR);
        return new Lane(new BatchId(UUID.fromString(parts[0])), parts.length == 1 ? 0 : Integer.parseInt(parts[1]));
    }

    boolean leads() {
        return number == 0;
    }

    /// The job's subject.
    String subject() {
        return leads() ? batch.value().toString() : batch.value() + SEPARATOR + number;
    }
}
