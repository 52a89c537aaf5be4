package dev.parley.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import org.jspecify.annotations.Nullable;

/// One call to a provider failed. Never leaves `model`: callers get a [ModelFailure].
public final class ProviderFailure extends RuntimeException {

    private final ProviderError error;
    private final boolean begun;

    public ProviderFailure(ProviderError error) {
        this(error, null, false);
    }

    public ProviderFailure(ProviderError error, Throwable cause) {
        this(error, cause, false);
    }

    private ProviderFailure(ProviderError error, @Nullable Throwable cause, boolean begun) {
        super(error.code(), cause);
        this.error = error;
        this.begun = begun;
    }

    /// The same failure of a call whose answer had begun to reach the caller, so that it must not be sent again.
    ProviderFailure afterFirstEvent() {
        return new ProviderFailure(error, this, true);
    }

    boolean isRetriable() {
        return error.isPassing() && !begun;
    }

    /// Whether a provider was cut short that had the request.
    boolean isCut() {
        return error instanceof ProviderError.Stopped stopped && stopped.sent();
    }

    public ProviderError error() {
        return error;
    }

    /// What a throwable out of a provider's client means.
    public static ProviderFailure of(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProviderFailure failure) {
                return failure;
            }
        }
        return new ProviderFailure(classify(thrown), thrown);
    }

    private static ProviderError classify(Throwable thrown) {
        return switch (thrown) {
            case UnsupportedFeatureException unsupported -> new ProviderError.Rejected(message(unsupported), null);
            case ConnectException e -> new ProviderError.Unreachable();
            case HttpConnectTimeoutException e -> new ProviderError.Unreachable();
            case UnresolvedAddressException e -> new ProviderError.Unreachable();
            case JsonProcessingException e -> new ProviderError.Malformed();
            case InterruptedException e -> new ProviderError.Stopped(false);
            case IOException e when e.getCause() instanceof InterruptedException -> new ProviderError.Stopped(true);
            case IOException e -> new ProviderError.BrokenOff();
            default -> thrown.getCause() == null ? new ProviderError.Malformed() : classify(thrown.getCause());
        };
    }

    private static String message(Throwable thrown) {
        return thrown.getMessage() == null ? "The model refused to answer." : thrown.getMessage();
    }
}
