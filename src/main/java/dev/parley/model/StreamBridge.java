package dev.parley.model;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.model.output.FinishReason;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Turns LangChain4j's callbacks into calls to a listener and one result to wait for.
///
/// Events go to the listener on the thread that reads the provider's connection, so a slow listener slows the
/// provider down instead of filling a queue.
final class StreamBridge implements RefusalHandler {

    private final GenerationListener listener;
    private final long start = System.nanoTime();
    private final CompletableFuture<ChatResponse> result = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder refusal = new StringBuilder();
    private final StringBuilder calls = new StringBuilder();
    private final Set<Integer> namedCalls = new HashSet<>();
    private final ToolCallIds callIds = new ToolCallIds();
    private volatile boolean begun;
    private volatile boolean cancelled;
    private volatile Duration timeToFirstToken = Duration.ZERO;

    StreamBridge(GenerationListener listener) {
        this.listener = listener;
    }

    @Override
    public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
        tell(context.streamingHandle(), () -> {
            text.append(partial.text());
            listener.onText(partial.text());
        });
    }

    @Override
    public void onPartialRefusal(String delta, PartialResponseContext context) {
        tell(context.streamingHandle(), () -> {
            refusal.append(delta);
            listener.onRefusal(delta);
        });
    }

    @Override
    public void onPartialToolCall(PartialToolCall call, PartialToolCallContext context) {
        tell(context.streamingHandle(), () -> {
            String id = callIds.of(call.index(), call.id());
            generated(call.index(), call.name(), call.partialArguments());
            listener.onToolCall(call.index(), id, call.name(), call.partialArguments());
        });
    }

    /// Some vendors send tool calls only whole.
    @Override
    public void onCompleteToolCall(CompleteToolCall call) {
        if (!callIds.isAnnounced(call.index())) {
            var request = call.toolExecutionRequest();
            String id = callIds.of(call.index(), request.id());
            tell(null, () -> {
                generated(call.index(), request.name(), request.arguments());
                listener.onToolCall(call.index(), id, request.name(), request.arguments());
            });
        }
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
        if (response.finishReason() == null) {
            onError(new ProviderFailure(new ProviderError.BrokenOff()));
        } else {
            result.complete(callIds.complete(response));
        }
    }

    @Override
    public void onError(Throwable failure) {
        result.completeExceptionally(failure);
    }

    /// The complete answer, or what there is of a cancelled one.
    ChatResponse await(Duration timeout) {
        try {
            return result.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof ListenerFailure listenerFailure) {
                throw listenerFailure;
            }
            throw ProviderFailure.of(failure.getCause() == null ? failure : failure.getCause());
        } catch (TimeoutException late) {
            throw new ProviderFailure(new ProviderError.TimedOut(), late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ProviderFailure(new ProviderError.Stopped(true), interrupted);
        }
    }

    boolean isBegun() {
        return begun;
    }

    boolean isCancelled() {
        return cancelled;
    }

    String text() {
        return text.toString() + refusal;
    }

    /// Everything that was heard, tool calls included.
    String generated() {
        return text() + calls;
    }

    /// A call's name comes with each of its pieces.
    private void generated(int index, String name, String arguments) {
        if (namedCalls.add(index)) {
            calls.append(name);
        }
        calls.append(arguments);
    }

    Duration timeToFirstToken() {
        return timeToFirstToken;
    }

    private void tell(@Nullable StreamingHandle handle, Runnable event) {
        if (result.isDone()) {
            return;
        }
        try {
            begin();
            event.run();
            if (listener.isCancelled()) {
                cancelled = true;
                end(handle);
            }
        } catch (RuntimeException failure) {
            result.completeExceptionally(new ListenerFailure(failure));
            end(handle);
        }
    }

    private void begin() {
        if (!begun) {
            timeToFirstToken = Duration.ofNanos(System.nanoTime() - start);
            begun = true;
        }
    }

    private void end(@Nullable StreamingHandle handle) {
        if (handle != null) {
            handle.cancel();
        }
        result.complete(ChatResponse.builder()
                .aiMessage(Refusal.with(AiMessage.from(text.toString()), refusal.toString()))
                .finishReason(FinishReason.OTHER)
                .build());
    }
}
