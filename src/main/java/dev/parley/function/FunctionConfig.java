package dev.parley.function;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/// Whether, and from where, this process takes Lambda invocations.
@ConfigMapping(prefix = "parley.function")
interface FunctionConfig {

    /// Host and port of the Lambda Runtime API. Lambda sets it through `AWS_LAMBDA_RUNTIME_API`; where it is absent
    /// the process is a plain HTTP server and nothing here runs.
    Optional<String> runtimeApi();
}
