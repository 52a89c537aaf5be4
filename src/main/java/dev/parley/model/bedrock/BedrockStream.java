package dev.parley.model.bedrock;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.FinishReason;
import dev.parley.model.ProviderSettings;
import dev.parley.model.StreamedParts;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlockDeltaEvent;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlockStartEvent;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamMetadataEvent;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamOutput;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.MessageStopEvent;
import software.amazon.awssdk.services.bedrockruntime.model.TokenUsage;

/// Streamed answers, told on the calling thread. The call returns when the stream has ended.
record BedrockStream(
        BedrockRuntimeAsyncClient client,
        BedrockRequests requests,
        ProviderSettings.Timeouts timeouts,
        BedrockFailures failures)
        implements StreamingChatModel {

    @Override
    public void chat(ChatRequest request, StreamingChatResponseHandler handler) {
        try {
            new Reading(request, handler).run();
        } catch (RuntimeException failure) {
            handler.onError(failure);
        }
    }

    private final class Reading {

        private final ChatRequest request;
        private final StreamedParts parts;
        private final StreamedEvents events = new StreamedEvents(timeouts, failures);
        private @Nullable TokenUsage usage;
        private @Nullable FinishReason finishReason;

        Reading(ChatRequest request, StreamingChatResponseHandler handler) {
            this.request = request;
            this.parts = new StreamedParts(handler);
        }

        void run() {
            CompletableFuture<Void> call = client.converseStream(
                    requests.streamed(request),
                    ConverseStreamResponseHandler.builder()
                            .onEventStream(stream -> stream.subscribe(events))
                            .build());
            call.whenComplete((_, failure) -> events.end(failure));
            try {
                for (var event = events.next(); event.isPresent(); event = events.next()) {
                    hear(event.get());
                }
            } finally {
                call.cancel(true);
            }
            parts.complete(response -> response.modelName(requests.model().name())
                    .tokenUsage(BedrockAnswer.usage(usage))
                    .finishReason(finishReason));
        }

        private void hear(ConverseStreamOutput event) {
            switch (event) {
                case ContentBlockStartEvent start ->
                    Optional.ofNullable(start.start().toolUse())
                            .ifPresent(
                                    call -> parts.startCall(start.contentBlockIndex(), call.toolUseId(), call.name()));
                case ContentBlockDeltaEvent delta -> hear(delta);
                case MessageStopEvent stop -> finishReason = BedrockAnswer.finishReason(stop.stopReasonAsString());
                case ConverseStreamMetadataEvent metadata -> usage = metadata.usage();
                default -> {} // starts of messages, ends of blocks, and what may come in later versions
            }
        }

        private void hear(ContentBlockDeltaEvent event) {
            if (event.delta().text() != null) {
                parts.text(event.delta().text(), events);
            } else if (event.delta().toolUse() != null) {
                parts.arguments(
                        event.contentBlockIndex(), event.delta().toolUse().input(), events);
            }
        }
    }
}
