package dev.parley.model.openai;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import dev.langchain4j.model.openai.internal.OpenAiUtils;
import dev.langchain4j.model.openai.internal.chat.ChatCompletionRequest;
import dev.parley.model.ChatParameters;

/// Writes requests for one model in OpenAI's form.
///
/// @param maxCompletionTokens whether output limits go by that name instead of `max_tokens`
record OpenAiRequests(String modelName, boolean maxCompletionTokens, OpenAiTools tools) {

    ChatCompletionRequest.Builder convert(ChatRequest request) {
        ChatRequestParameters given = request.parameters();
        var parameters =
                OpenAiChatRequestParameters.builder().overrideWith(given).modelName(modelName);
        boolean strict = false;
        if (given instanceof ChatParameters more) {
            parameters.seed(more.seed()).user(more.user()).parallelToolCalls(more.parallelToolCalls());
            strict = Boolean.TRUE.equals(more.strictJsonSchema());
        }
        OpenAiChatRequestParameters complete = parameters.build();
        var converted = OpenAiUtils.toOpenAiChatRequest(request, complete, false, null, false, strict);
        if (!complete.toolSpecifications().isEmpty()) {
            converted.tools(tools.convert(complete.toolSpecifications()));
        }
        return maxCompletionTokens && complete.maxOutputTokens() != null
                ? converted.maxTokens(null).maxCompletionTokens(complete.maxOutputTokens())
                : converted;
    }
}
