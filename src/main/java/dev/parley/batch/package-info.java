/// OpenAI's Batch API: a file of requests, run line by line when there is room, its answers in a file.
///
/// `BatchesResource` is the HTTP edge, `BatchHandler` the worker's. An [Endpoint] is what lines can ask for: one small
/// bean per path.
///
/// Guarantees: each `custom_id` is once in the output or the error file; a line is run and paid once, whoever dies; a
/// bad line fails alone; lines wait for rates and budgets, and never hold a connection meanwhile.
///
/// Not here: what a line does (`chat`), what it may spend (`usage`), files (`knowledge`).
@Feature(
        allowedDependencies = {"invocation", "chat", "job", "knowledge", "identity", "idempotency", "usage", "postgres"
        })
@NullMarked
package dev.parley.batch;

import dev.parley.Feature;
import org.jspecify.annotations.NullMarked;
