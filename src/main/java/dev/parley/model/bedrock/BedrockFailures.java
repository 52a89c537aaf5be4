package dev.parley.model.bedrock;

import dev.parley.model.ErrorAnswer;
import dev.parley.model.ProviderError;
import dev.parley.model.ProviderFailure;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.bedrockruntime.model.ModelNotReadyException;
import software.amazon.awssdk.services.bedrockruntime.model.ServiceQuotaExceededException;

/// What the SDK's exceptions mean.
///
/// Source: https://docs.aws.amazon.com/bedrock/latest/userguide/troubleshooting-api-error-codes.html
record BedrockFailures(Clock clock) {

    private static final int UNAVAILABLE = 503;

    ProviderFailure of(Throwable thrown) {
        return switch (thrown) {
            case ExecutionException e when e.getCause() != null -> of(e.getCause());
            case CompletionException e when e.getCause() != null -> of(e.getCause());
            case AwsServiceException answer -> new ProviderFailure(classify(answer), answer);
            case SdkClientException client -> client(client);
            default -> ProviderFailure.of(thrown);
        };
    }

    private ProviderError classify(AwsServiceException answer) {
        Duration retryAfter = retryAfter(answer);
        if (answer instanceof ServiceQuotaExceededException) {
            return new ProviderError.QuotaExhausted();
        }
        if (answer instanceof ModelNotReadyException) {
            return new ProviderError.Failed(UNAVAILABLE, retryAfter);
        }
        if (answer.isThrottlingException()) {
            return new ProviderError.RateLimited(retryAfter);
        }
        return switch (status(answer)) {
            case 401, 403 -> new ProviderError.KeyRejected();
            case 429 -> new ProviderError.RateLimited(retryAfter);
            // 424 is the model's failure.
            case 408, 409, 424 -> new ProviderError.Failed(status(answer), retryAfter);
            default ->
                status(answer) >= 500
                        ? new ProviderError.Failed(status(answer), retryAfter)
                        : ErrorAnswer.rejected(message(answer), null);
        };
    }

    /// Exceptions within a stream come without a status.
    private static int status(AwsServiceException answer) {
        String code =
                answer.awsErrorDetails() == null ? "" : answer.awsErrorDetails().errorCode();
        return switch (code == null ? "" : code) {
            case "modelStreamErrorException", "ModelStreamErrorException", "ModelErrorException" -> 424;
            case "internalServerException" -> 500;
            case "serviceUnavailableException" -> UNAVAILABLE;
            case "throttlingException" -> 429;
            case "validationException" -> 400;
            default -> answer.statusCode();
        };
    }

    private static String message(AwsServiceException answer) {
        String message = answer.awsErrorDetails() == null
                ? null
                : answer.awsErrorDetails().errorMessage();
        return message == null ? "The provider rejected the request." : message;
    }

    private @Nullable Duration retryAfter(AwsServiceException answer) {
        if (answer.awsErrorDetails() == null || answer.awsErrorDetails().sdkHttpResponse() == null) {
            return null;
        }
        return answer.awsErrorDetails()
                .sdkHttpResponse()
                .firstMatchingHeader("Retry-After")
                .map(header -> ErrorAnswer.retryAfter(header, clock.instant()))
                .orElse(null);
    }

    /// The SDK failed before there was an answer: the connection did, or it found no credentials or region.
    private static ProviderFailure client(SdkClientException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException || cause instanceof ProviderFailure) {
                return ProviderFailure.of(cause);
            }
        }
        boolean isCredentials = String.valueOf(failure.getMessage()).contains("credentials");
        return isCredentials
                ? new ProviderFailure(new ProviderError.KeyRejected(), failure)
                : ProviderFailure.of(failure);
    }
}
