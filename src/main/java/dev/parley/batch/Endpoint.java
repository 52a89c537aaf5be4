package dev.parley.batch;

import dev.parley.chat.LineAnswer;
import dev.parley.chat.LineRequest;
import java.io.IOException;

/// What the lines of a batch can ask for. Implement it as a bean, and batches accept its path.
interface Endpoint {

    /// `/v1/…`
    String path();

    /// Run again under the same key it gives the outcome of the first time.
    ///
    /// @throws dev.parley.problem.Problem when the line is refused before anything is spent
    LineAnswer run(LineRequest line) throws IOException, InterruptedException;
}
