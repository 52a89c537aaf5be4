package dev.parley.chat.responses;

import static org.assertj.core.api.Assertions.assertThat;
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
import dev.parley.model.Refusal;
import dev.parley.problem.Problem;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseReaderTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String STORE = "vs_0190163d8694739bb111111111111111";
    private static final String CONVERSATION = "conv_0190163d8694739bb111111111111111";
    private static final String RESPONSE = "resp_0190163d8694739bb111111111111111";

    private final ResponseReader reader = new ResponseReader(
            new SmallRyeConfigBuilder().withMapping(ChatConfig.class).build().getConfigMapping(ChatConfig.class));

    @Test
    void aStringIsWhatTheUserSays() {
        var turn = read("'input': 'Hi', 'instructions': 'Be brief.'").turn();

        assertThat(turn.messages()).containsExactly(SystemMessage.from("Be brief."), UserMessage.from("Hi"));
    }

    @Test
    void everyItemIsRead() {
        var messages = read("""
                'input': [
                  {'role': 'developer', 'content': 'Be kind.'},
                  {'role': 'user', 'content': [{'type': 'input_text', 'text': 'a'}, {'type': 'input_text', 'text': 'b'}]},
                  {'type': 'reasoning', 'id': 'rs_1', 'summary': []},
                  {'type': 'file_search_call', 'id': 'fs_1', 'queries': [], 'status': 'completed', 'results': null},
                  {'type': 'message', 'id': 'msg_1', 'status': 'completed', 'role': 'assistant', 'content': [
                    {'type': 'output_text', 'text': 'Look.', 'annotations': [], 'logprobs': []}]},
                  {'type': 'function_call', 'id': 'fc_1', 'status': 'completed', 'call_id': 'call_1', 'name': 'f', 'arguments': '{}'},
                  {'type': 'function_call', 'call_id': 'call_2', 'name': 'g', 'arguments': '{}'},
                  {'type': 'function_call_output', 'call_id': 'call_2', 'output': [{'type': 'input_text', 'text': 'two'}]},
                  {'type': 'function_call_output', 'call_id': 'call_1', 'output': 'one'},
                  {'role': 'assistant', 'content': [{'type': 'refusal', 'refusal': 'No.'}]}]""").turn().messages();

        assertThat(messages)
                .hasExactlyElementsOfTypes(
                        SystemMessage.class,
                        UserMessage.class,
                        AiMessage.class,
                        ToolExecutionResultMessage.class,
                        ToolExecutionResultMessage.class,
                        AiMessage.class);
        assertThat(((UserMessage) messages.get(1)).singleText()).isEqualTo("a\nb");
        AiMessage answer = (AiMessage) messages.get(2);
        assertThat(answer.text()).isEqualTo("Look.");
        assertThat(answer.toolExecutionRequests()).hasSize(2);
        assertThat(((ToolExecutionResultMessage) messages.get(3)).toolName()).isEqualTo("g");
        assertThat(Refusal.of((AiMessage) messages.get(5))).contains("No.");
    }

    @Test
    void parametersReachTheModelsRequest() {
        var turn = read("""
                'input': 'a', 'temperature': 0.5, 'top_p': 1, 'max_output_tokens': 9, 'safety_identifier': 'u',
                'parallel_tool_calls': false, 'text': {'format': {'type': 'json_schema', 'name': 's', 'strict': true,
                  'schema': {'type': 'object', 'x-odd': [1]}}},
                'tools': [{'type': 'function', 'name': 'f', 'parameters': {'type': 'object'}, 'strict': false},
                          {'type': 'file_search', 'vector_store_ids': ['%s'], 'max_num_results': 3}],
                'tool_choice': {'type': 'function', 'name': 'f'}""".formatted(STORE)).turn();

        var parameters = turn.parameters();
        assertThat(parameters.temperature()).isEqualTo(0.5);
        assertThat(parameters.maxOutputTokens()).isEqualTo(9);
        assertThat(parameters.user()).isEqualTo("u");
        assertThat(parameters.parallelToolCalls()).isFalse();
        assertThat(parameters.strictJsonSchema()).isTrue();
        assertThat(((JsonRawSchema) parameters.responseFormat().jsonSchema().rootElement()).schema())
                .isEqualTo("{\"type\":\"object\",\"x-odd\":[1]}");
        assertThat(parameters.toolSpecifications()).hasSize(1);
        assertThat(parameters.toolChoice()).isEqualTo(ToolChoice.REQUIRED);
        assertThat(turn.retrieval().maxResults()).isEqualTo(3);
    }

    @Test
    void aForbiddenSearchDoesNotHappen() {
        var turn = read("'input': 'a', 'tool_choice': 'none', 'tools': [{'type': 'file_search', 'vector_store_ids': ['"
                        + STORE + "']}]")
                .turn();

        assertThat(turn.retrieval()).isNull();
    }

    @Test
    void whatAResponseContinuesIsRead() {
        assertThat(read("'input': 'a', 'previous_response_id': '" + RESPONSE + "'")
                        .turn()
                        .history())
                .isInstanceOf(History.OfChain.class);
        assertThat(read("'input': 'a', 'conversation': {'id': '" + CONVERSATION + "'}, 'parley': {'history_tokens': 7}")
                        .turn()
                        .history()
                        .tokens())
                .isEqualTo(7);
    }

    @Test
    void whatIsNotGivenHasOpenAisDefaults() {
        ResponseEcho echo = read("'input': 'a'").echo();

        assertThat(echo.store()).isTrue();
        assertThat(echo.background()).isFalse();
        assertThat(echo.toolChoice().asText()).isEqualTo("auto");
        assertThat(echo.text().at("/format/type").asText()).isEqualTo("text");
        assertThat(echo.truncation()).isEqualTo("disabled");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'reasoning': {}", "'service_tier': 'auto'", "'prompt': null", "'top_logprobs': 0"})
    void parametersThatChangeNothingAreLetPass(String members) {
        read("'input': 'a', " + members);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'model': 3, 'input': 'a' | model",
                "'model': 'm' | input",
                "'input': [] | input",
                "'input': 3 | input",
                "'input': [{'role': 'user'}] | input[0].content",
                "'input': [{'role': 'tool', 'content': 'a'}] | input[0].role",
                "'input': [{'role': 'user', 'content': [{'type': 'input_file', 'file_id': 'x'}]}]"
                        + " | input[0].content[0].type",
                "'input': [{'role': 'user', 'content': []}] | input[0].content",
                "'input': [{'role': 'user', 'content': 'a', 'odd': 1}] | input[0].odd",
                "'input': [{'type': 'computer_call'}] | input[0].type",
                "'input': [{'type': 'function_call', 'call_id': 'c', 'name': 'f', 'arguments': '{}'}] | input[0]",
                "'input': [{'type': 'function_call_output', 'call_id': 'c', 'output': 'x'}] | input[0].call_id",
                "'input': [{'type': 'item_reference', 'id': 'x'}] | input[0].type",
                "'input': 'a', 'previous_response_id': 'resp_1' | previous_response_id",
                "'input': 'a', 'previous_response_id': 'r', 'conversation': 'c' | previous_response_id",
                "'input': 'a', 'conversation': 3 | conversation",
                "'input': 'a', 'background': true, 'store': false | background",
                "'input': 'a', 'stream': 'yes' | stream",
                "'input': 'a', 'stream_options': {} | stream_options",
                "'input': 'a', 'tools': [{'type': 'web_search'}] | tools[0].type",
                "'input': 'a', 'tools': [{'type': 'function', 'function': {'name': 'f'}}] | tools[0].function",
                "'input': 'a', 'tools': [{'type': 'function', 'name': 'f f'}] | tools[0].name",
                "'input': 'a', 'tools': [{'type': 'file_search'}] | tools[0].vector_store_ids",
                "'input': 'a', 'tool_choice': {'type': 'function', 'name': 'f'} | tool_choice.name",
                "'input': 'a', 'tool_choice': {'type': 'file_search'} | tool_choice",
                "'input': 'a', 'tool_choice': {'type': 'mcp'} | tool_choice.type",
                "'input': 'a', 'text': {'format': {'type': 'json_schema', 'name': 's'}} | text.format.schema",
                "'input': 'a', 'text': {'format': {'type': 'xml'}} | text.format.type",
                "'input': 'a', 'text': {'verbosity': 'low'} | text.verbosity",
                "'input': 'a', 'max_output_tokens': 0 | max_output_tokens",
                "'input': 'a', 'temperature': 3 | temperature",
                "'input': 'a', 'truncation': 'some' | truncation",
                "'input': 'a', 'include': ['reasoning.encrypted_content'] | include[0]",
                "'input': 'a', 'metadata': {'a': 1} | metadata.a",
                "'input': 'a', 'reasoning': {'effort': 'low'} | reasoning",
                "'input': 'a', 'messages': [] | messages",
                "'input': 'a', 'parley': {'conversation': 'c'} | parley.conversation",
            })
    void whatCannotBeServedIsNamed(String members, String param) {
        var problem = catchThrowableOfType(Problem.class, () -> read(members));

        assertThat(problem).isNotNull();
        assertThat(problem.param()).isEqualTo(param);
        assertThat(problem.kind().status()).isEqualTo(400);
    }

    private ResponseRequest read(String members) {
        String json = "{" + members.replace('\'', '"') + "}";
        try {
            var tree = (com.fasterxml.jackson.databind.node.ObjectNode) MAPPER.readTree(json);
            return reader.read(JsonField.root(tree.has("model") ? tree : tree.put("model", "m")));
        } catch (JsonProcessingException failure) {
            throw new IllegalArgumentException(failure);
        }
    }
}
