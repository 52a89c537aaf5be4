package dev.parley.chat.completions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.parley.api.JsonField;
import dev.parley.chat.ChatConfig;
import dev.parley.chat.History;
import dev.parley.conversation.ConversationId;
import dev.parley.knowledge.Filter;
import dev.parley.problem.Problem;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionReaderTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String STORE = "vs_0190163d8694739bb111111111111111";
    private static final String CONVERSATION = "conv_0190163d8694739bb111111111111111";

    private final CompletionReader reader = new CompletionReader(
            new SmallRyeConfigBuilder().withMapping(ChatConfig.class).build().getConfigMapping(ChatConfig.class));

    @Test
    void everyRoleIsRead() {
        var request = read("""
                {"model": "m", "messages": [
                  {"role": "developer", "content": "Be brief."},
                  {"role": "user", "name": "ann", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
                  {"role": "assistant", "content": null, "refusal": null, "annotations": [], "tool_calls": [
                    {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]},
                  {"role": "tool", "tool_call_id": "call_1", "content": "42"},
                  {"role": "assistant", "content": [{"type": "refusal", "refusal": "No."}]},
                  {"role": "system", "content": " "},
                  {"role": "user", "content": ""}]}""");

        var messages = request.turn().messages();
        assertThat(messages).hasSize(6);
        assertThat(((SystemMessage) messages.get(0)).text()).isEqualTo("Be brief.");
        assertThat(((UserMessage) messages.get(1)).singleText()).isEqualTo("a\nb");
        assertThat(((UserMessage) messages.get(1)).name()).isEqualTo("ann");
        assertThat(((AiMessage) messages.get(2))
                        .toolExecutionRequests()
                        .getFirst()
                        .name())
                .isEqualTo("f");
        assertThat(((ToolExecutionResultMessage) messages.get(3)).toolName()).isEqualTo("f");
        assertThat(((AiMessage) messages.get(4)).text()).isEqualTo("No.");
    }

    @Test
    void namesOfOtherRolesThanUserAreLetPass() {
        var messages = read("""
                {"model": "m", "messages": [
                  {"role": "system", "name": "s", "content": "Be brief."},
                  {"role": "developer", "name": "d", "content": "Be kind."},
                  {"role": "assistant", "name": "a", "tool_calls": [
                    {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]},
                  {"role": "tool", "name": "f", "tool_call_id": "call_1", "content": "42"}]}""").turn().messages();

        assertThat(messages)
                .hasSize(4)
                .hasExactlyElementsOfTypes(
                        SystemMessage.class, SystemMessage.class, AiMessage.class, ToolExecutionResultMessage.class);
    }

    @Test
    void parametersReachTheModelsRequest() {
        var parameters = read("""
                {"model": "m", "messages": [{"role": "user", "content": "a"}], "temperature": 0.5, "top_p": 1,
                 "max_completion_tokens": 9, "stop": ["x", "y"], "seed": 3, "frequency_penalty": -2,
                 "presence_penalty": 2, "user": "u", "parallel_tool_calls": false,
                 "n": 1, "logprobs": false, "store": false, "service_tier": "auto", "logit_bias": null,
                 "metadata": {"a": "b"}}""").turn().parameters();

        assertThat(parameters.temperature()).isEqualTo(0.5);
        assertThat(parameters.topP()).isEqualTo(1);
        assertThat(parameters.maxOutputTokens()).isEqualTo(9);
        assertThat(parameters.stopSequences()).containsExactly("x", "y");
        assertThat(parameters.frequencyPenalty()).isEqualTo(-2);
        assertThat(parameters.seed()).isEqualTo(3);
        assertThat(parameters.user()).isEqualTo("u");
        assertThat(parameters.parallelToolCalls()).isFalse();
    }

    @Test
    void schemasPassThroughAsTheyAre() {
        var parameters = read("""
                {"model": "m", "messages": [{"role": "user", "content": "a"}],
                 "response_format": {"type": "json_schema", "json_schema": {
                    "name": "s", "strict": true, "schema": {"type": "object", "x-odd": [1]}}},
                 "tools": [{"type": "function", "function": {"name": "f", "strict": true, "parameters": {
                    "type": "object", "properties": {"a": {"anyOf": [{"type": "null"}]}}, "required": ["a"],
                    "additionalProperties": false, "$defs": {"d": {"const": 1}}}}}],
                 "tool_choice": "required"}""").turn().parameters();

        var schema = (JsonRawSchema) parameters.responseFormat().jsonSchema().rootElement();
        assertThat(schema.schema()).isEqualTo("{\"type\":\"object\",\"x-odd\":[1]}");
        var function = parameters.toolSpecifications().getFirst();
        assertThat(function.parameters().properties().get("a"))
                .isEqualTo(JsonRawSchema.from("{\"anyOf\":[{\"type\":\"null\"}]}"));
        assertThat(function.parameters().required()).containsExactly("a");
        assertThat(function.parameters().additionalProperties()).isFalse();
        assertThat(function.parameters().definitions()).containsKey("d");
        assertThat(parameters.toolChoice()).isEqualTo(ToolChoice.REQUIRED);
        assertThat(parameters.strictJsonSchema()).isTrue();
    }

    @Test
    void aNamedToolIsOfferedAlone() {
        var parameters = read("""
                {"model": "m", "messages": [{"role": "user", "content": "a"}],
                 "tools": [{"type": "function", "function": {"name": "f"}}, {"type": "function", "function": {"name": "g"}}],
                 "tool_choice": {"type": "function", "function": {"name": "g"}}}""").turn().parameters();

        assertThat(parameters.toolSpecifications()).singleElement().satisfies(tool -> assertThat(tool.name())
                .isEqualTo("g"));
        assertThat(parameters.toolChoice()).isEqualTo(ToolChoice.REQUIRED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"parley\": {\"vector_store_ids\": [\"%s\"], \"max_num_results\": 3, \"filters\": %s}",
                "\"tools\": [{\"type\": \"file_search\", \"vector_store_ids\": [\"%s\"], \"max_num_results\": 3, \"filters\": %s}]",
                "\"tools\": [{\"type\": \"file_search\", \"file_search\": {\"vector_store_ids\": [\"%s\"], \"max_num_results\": 3, \"filters\": %s}}]"
            })
    void whereToSearchIsReadInEveryShape(String member) {
        String filters = """
                {"type": "and", "filters": [{"type": "eq", "key": "a", "value": "b"},
                 {"type": "in", "key": "c", "value": [1, true]}]}""";

        var retrieval =
                read(minimalAnd(member.formatted(STORE, filters))).turn().retrieval();

        assertThat(retrieval.vectorStores()).singleElement().hasToString(STORE);
        assertThat(retrieval.maxResults()).isEqualTo(3);
        assertThat(((Filter.And) retrieval.filter()).filters()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "\"n\": 2 | n | unsupported_parameter",
                "\"logprobs\": true | logprobs | unsupported_parameter",
                "\"audio\": {} | audio | unsupported_parameter",
                "\"store\": true | store | unsupported_parameter",
                "\"functions\": [{}] | functions | unsupported_parameter",
                "\"service_tier\": \"flex\" | service_tier | unsupported_parameter",
                "\"colour\": 1 | colour | unknown_parameter",
                "\"temperature\": 2.1 | temperature | invalid_value",
                "\"temperature\": \"hot\" | temperature | invalid_type",
                "\"top_p\": -0.1 | top_p | invalid_value",
                "\"seed\": 1.5 | seed | invalid_type",
                "\"max_tokens\": 0 | max_tokens | invalid_value",
                "\"max_tokens\": 1, \"max_completion_tokens\": 1 | max_tokens | invalid_value",
                "\"stop\": [\"1\",\"2\",\"3\",\"4\",\"5\"] | stop | invalid_value",
                "\"stop\": [1] | stop[0] | invalid_type",
                "\"stream\": \"yes\" | stream | invalid_type",
                "\"stream_options\": {\"include_usage\": true} | stream_options | invalid_value",
                "\"stream\": true, \"stream_options\": {\"x\": 1} | stream_options.x | unknown_parameter",
                "\"response_format\": {\"type\": \"xml\"} | response_format.type | invalid_value",
                "\"response_format\": {\"type\": \"json_schema\"} | response_format.json_schema | missing_required_parameter",
                "\"response_format\": {\"type\": \"json_schema\", \"json_schema\": {\"name\": \"a b\", \"schema\": {}}} | response_format.json_schema.name | invalid_value",
                "\"tools\": [{\"type\": \"custom\"}] | tools[0].type | unsupported_parameter",
                "\"tools\": [{\"type\": \"function\"}] | tools[0].function | missing_required_parameter",
                "\"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"a b\"}}] | tools[0].function.name | invalid_value",
                "\"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"f\"}}, {\"type\": \"function\", \"function\": {\"name\": \"f\"}}] | tools | invalid_value",
                "\"tool_choice\": \"auto\" | tool_choice | invalid_value",
                "\"tools\": [], \"tool_choice\": \"always\" | tool_choice | invalid_value",
                "\"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"f\"}}], \"tool_choice\": {\"type\": \"function\", \"function\": {\"name\": \"g\"}} | tool_choice.function.name | invalid_value",
                "\"metadata\": {\"a\": 1} | metadata.a | invalid_type",
                "\"parley\": {\"x\": 1} | parley.x | unknown_parameter",
                "\"parley\": {\"vector_store_ids\": \"vs\"} | parley.vector_store_ids | invalid_type",
                "\"parley\": {\"vector_store_ids\": [\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\"]} | parley.vector_store_ids | invalid_value",
                "\"parley\": {\"vector_store_ids\": [\"vs_0190163d8694739bb111111111111111\"], \"filters\": {\"type\": \"like\"}} | parley.filters.type | invalid_value",
                "\"parley\": {\"vector_store_ids\": [\"vs_0190163d8694739bb111111111111111\"], \"filters\": {\"type\": \"gt\", \"key\": \"a\", \"value\": true}} | parley.filters.value | invalid_value",
                "\"tools\": [{\"type\": \"file_search\", \"vector_store_ids\": []}] | tools[0].vector_store_ids | invalid_value"
            })
    void whatIsNotServedIsRefusedByName(String member, String param, String code) {
        assertRefused(minimalAnd(member), param, code);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{} | messages | invalid_type",
                "[] | messages | invalid_value",
                "[{}] | messages[0].role | missing_required_parameter",
                "[{\"role\": \"function\", \"content\": \"a\"}] | messages[0].role | invalid_value",
                "[{\"role\": \"user\"}] | messages[0].content | missing_required_parameter",
                "[{\"role\": \"user\", \"content\": 7}] | messages[0].content | invalid_type",
                "[{\"role\": \"user\", \"content\": []}] | messages[0].content | invalid_value",
                "[{\"role\": \"user\", \"content\": [{\"type\": \"input_audio\", \"input_audio\": {}}]}] | messages[0].content[0].type | unsupported_parameter",
                "[{\"role\": \"user\", \"content\": [{\"type\": \"refusal\", \"refusal\": \"a\"}]}] | messages[0].content[0].type | unsupported_parameter",
                "[{\"role\": \"user\", \"content\": [{\"type\": \"text\"}]}] | messages[0].content[0].text | missing_required_parameter",
                "[{\"role\": \"user\", \"content\": \"a\", \"colour\": 1}] | messages[0].colour | unknown_parameter",
                "[{\"role\": \"user\", \"content\": \"a\", \"name\": \"a b\"}] | messages[0].name | invalid_value",
                "[{\"role\": \"assistant\"}] | messages[0].content | missing_required_parameter",
                "[{\"role\": \"assistant\", \"content\": \"a\", \"audio\": {\"id\": \"x\"}}] | messages[0].audio | unsupported_parameter",
                "[{\"role\": \"assistant\", \"tool_calls\": [{\"id\": \"c\", \"type\": \"function\", \"function\": {\"name\": \"f\"}}]}] | messages[0].tool_calls[0].function.arguments | missing_required_parameter",
                "[{\"role\": \"tool\", \"content\": \"a\"}] | messages[0].tool_call_id | missing_required_parameter",
                "[{\"role\": \"tool\", \"tool_call_id\": \"c\", \"content\": \"a\"}] | messages[0].tool_call_id | invalid_value",
                "[{\"role\": \"assistant\", \"tool_calls\": [{\"id\": \"c\", \"type\": \"function\", \"function\": {\"name\": \"f\", \"arguments\": \"\"}}]}] | messages[0].tool_calls | invalid_value",
                "[{\"role\": \"assistant\", \"tool_calls\": [{\"id\": \"c\", \"type\": \"function\", \"function\": {\"name\": \"f\", \"arguments\": \"\"}}]}, {\"role\": \"user\", \"content\": \"a\"}] | messages[0].tool_calls | invalid_value"
            })
    void aBadMessageIsRefusedByPath(String messages, String param, String code) {
        assertRefused("{\"model\": \"m\", \"messages\": " + messages + "}", param, code);
    }

    @Test
    void toolResultsMayComeFirstInAConversation() {
        var request = read("""
                {"model": "m", "messages": [{"role": "tool", "tool_call_id": "c", "content": "a"}],
                 "parley": {"conversation": "%s", "history_tokens": 10}}""".formatted(CONVERSATION));

        assertThat(request.turn().history())
                .isEqualTo(new History.OfConversation(ConversationId.parse(CONVERSATION), 10));
    }

    @Test
    void rankingOptionsAreThoseOfTheSearch() {
        var ranking = read(minimalAnd("""
                "parley": {"vector_store_ids": ["%s"], "ranking_options": {"ranker": "default_2024_08_21",
                    "hybrid_search": {"embedding_weight": 1000, "text_weight": 0}}}""".formatted(STORE))).turn().retrieval().ranking();

        assertThat(ranking.embeddingWeight()).isEqualTo(1000);
    }

    @Test
    void bothWaysToNameStoresAtOnceAreRefused() {
        String body = minimalAnd("""
                "parley": {"vector_store_ids": ["%1$s"]},
                "tools": [{"type": "file_search", "vector_store_ids": ["%1$s"]}]""".formatted(STORE));

        assertRefused(body, "tools[0]", "invalid_value");
    }

    @Test
    void moreMessagesThanAllowedAreRefused() {
        String message = "{\"role\": \"user\", \"content\": \"a\"}";
        String body = "{\"model\": \"m\", \"messages\": [" + (message + ",").repeat(2048) + message + "]}";

        assertRefused(body, "messages", "invalid_value");
    }

    @Test
    void aBodyThatIsNoObjectIsRefused() {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> read("[]"))
                .satisfies(problem -> assertThat(problem.code()).isEqualTo("invalid_json"));
    }

    private void assertRefused(String body, String param, String code) {
        Problem problem = catchThrowableOfType(Problem.class, () -> read(body));
        assertThat(problem).as(body).isNotNull();
        assertThat(problem.param()).isEqualTo(param);
        assertThat(problem.code()).isEqualTo(code);
        assertThat(problem.getMessage()).isNotBlank();
    }

    private CompletionRequest read(String body) {
        try {
            return reader.read(JsonField.root(MAPPER.readTree(body)));
        } catch (JsonProcessingException failure) {
            throw new AssertionError(body, failure);
        }
    }

    private static String minimalAnd(String member) {
        return "{\"model\": \"m\", \"messages\": [{\"role\": \"user\", \"content\": \"a\"}], " + member + "}";
    }
}
