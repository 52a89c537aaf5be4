/// The AWS Lambda runtime: one API Gateway event in, a streamed answer out.
///
/// Starts only where `AWS_LAMBDA_RUNTIME_API` is set; hands each event to the application's own HTTP stack in process.
///
/// Not here: anything a plain HTTP server needs as well.
@Feature(allowedDependencies = {"job", "telemetry"})
@NullMarked
package dev.parley.function;

import dev.parley.Feature;
import org.jspecify.annotations.NullMarked;
