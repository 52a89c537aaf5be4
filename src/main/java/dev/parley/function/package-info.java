/// What a process is (`PARLEY_FUNCTION`), and the AWS Lambda runtime: events in, answers out.
///
/// [FunctionRuntime] starts only where `AWS_LAMBDA_RUNTIME_API` is set. [Invocations] serves one event: a request
/// of API Gateway goes to the application's own HTTP stack in process and streams back, messages of queues go to
/// the `EventHandler`s of features, and what this process is to migrate, it migrates.
///
/// Guarantees: an invocation is over when its answer is out and all work that it began has ended; a failure of one is
/// no other's; nothing runs past Lambda's deadline unknowing.
///
/// Not here: anything a plain HTTP server needs as well; what work is told of a deadline (`invocation`).
@Feature(allowedDependencies = {"aws", "invocation", "job", "postgres", "telemetry"})
@NullMarked
package dev.parley.function;

import dev.parley.Feature;
import org.jspecify.annotations.NullMarked;
