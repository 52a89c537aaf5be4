package dev.parley.model.bedrock;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.parley.model.ProviderError;
import dev.parley.model.ProviderFailure;
import dev.parley.model.ProviderSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;

/// Whole answers. Whoever does not wait any longer closes the connection.
record BedrockChat(
        BedrockRuntimeAsyncClient client,
        BedrockRequests requests,
        ProviderSettings.Timeouts timeouts,
        BedrockFailures failures)
        implements ChatModel {

    @Override
    public ChatResponse chat(ChatRequest request) {
        ConverseResponse answer = await(client.converse(requests.whole(request)));
        if (answer.output() == null || answer.output().message() == null || answer.stopReasonAsString() == null) {
            throw new ProviderFailure(new ProviderError.Malformed());
        }
        return ChatResponse.builder()
                .id(answer.responseMetadata().requestId())
                .modelName(requests.model().name())
                .aiMessage(message(answer.output().message().content()))
                .tokenUsage(BedrockAnswer.usage(answer.usage()))
                .finishReason(BedrockAnswer.finishReason(answer.stopReasonAsString()))
                .build();
    }

    private ConverseResponse await(CompletableFuture<ConverseResponse> call) {
        try {
            return call.get(timeouts.call().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            call.cancel(true);
            throw new ProviderFailure(new ProviderError.TimedOut(), late);
        } catch (InterruptedException interrupted) {
            call.cancel(true);
            Thread.currentThread().interrupt();
            throw new ProviderFailure(new ProviderError.Stopped(true), interrupted);
        } catch (ExecutionException failure) {
            throw failures.of(failure);
        }
    }

    private static AiMessage message(List<ContentBlock> blocks) {
        var text = new StringBuilder();
        var calls = new ArrayList<ToolExecutionRequest>();
        for (ContentBlock block : blocks) {
            if (block.text() != null) {
                text.append(block.text());
            } else if (block.toolUse() != null) {
                calls.add(ToolExecutionRequest.builder()
                        .id(block.toolUse().toolUseId())
                        .name(block.toolUse().name())
                        .arguments(Documents.tree(block.toolUse().input()).toString())
                        .build());
            }
        }
        return AiMessage.builder()
                .text(text.isEmpty() && !calls.isEmpty() ? null : text.toString())
                .toolExecutionRequests(calls)
                .build();
    }
}
