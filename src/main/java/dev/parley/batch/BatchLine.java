package dev.parley.batch;

import java.util.UUID;

/// A line that a worker has taken.
///
/// @param worker who may tell how it ended
/// @param number in the input file
/// @param attempts how many times a provider was asked in vain
record BatchLine(Batch batch, UUID worker, UUID id, int number, String body, int attempts) {

    /// Names the attempt for good: whoever makes it again gets the outcome of the first time.
    String key() {
        String key = batch.id() + ":" + number;
        return attempts == 0 ? key : key + ":" + attempts;
    }
}
