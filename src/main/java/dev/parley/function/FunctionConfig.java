package dev.parley.function;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/// What this process is, and from where it takes Lambda invocations.
@ConfigMapping(prefix = "parley.function")
interface FunctionConfig {

    /// Which of Parley's functions this process is: routes and events of the others are not answered. `all` is a
    /// server that is everything.
    @WithDefault("all")
    FunctionName name();

    /// How answers go to API Gateway: `stream` piece by piece, which its integration must be set to as well
    /// (`response_transfer_mode = "STREAM"`), or `buffered` in one piece of at most 6 MB.
    @WithDefault("stream")
    ResponseMode responseMode();

    /// What API Gateway puts before the paths of this API: the base path of a custom domain. It is found out from
    /// the event where that tells it; set it where requests end in 404 with a path that has too much in front.
    Optional<String> basePath();

    /// Host and port of the Lambda Runtime API. Lambda sets it through `AWS_LAMBDA_RUNTIME_API`; where it is absent
    /// the process is a plain HTTP server and takes no invocations.
    Optional<String> runtimeApi();

    /// How many invocations this process serves at once. Lambda sets it through `AWS_LAMBDA_MAX_CONCURRENCY` where it
    /// hands out several (managed instances); elsewhere an environment has one at a time.
    @WithDefault("1")
    int concurrency();
}
