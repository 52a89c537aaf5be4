package dev.parley.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.parley.model.ChatParameters;
import dev.parley.model.ModelIdentity;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CacheKeyTest {

    private static final ModelIdentity MODEL = new ModelIdentity("openai", "openai", null, "gpt-5-mini");
    private static final ChatParameters PLAIN = ChatParameters.builder().build();

    /// They tell who asks, not what.
    private static final Set<String> IRRELEVANT = Set.of("user");

    static Stream<Field> parameters() {
        return Stream.of(ChatParameters.class, ChatParameters.class.getSuperclass())
                .flatMap(type -> Arrays.stream(type.getDeclaredFields()))
                .filter(field -> !Modifier.isStatic(field.getModifiers()) && !field.isSynthetic());
    }

    /// Finds a parameter by its builder's method: one that is added fails here until the key knows it.
    @ParameterizedTest
    @MethodSource("parameters")
    void everyParameterThatChangesAnAnswerChangesTheKey(Field parameter) throws ReflectiveOperationException {
        ChatParameters.Builder builder = ChatParameters.builder();
        ChatParameters.Builder.class
                .getMethod(parameter.getName(), parameter.getType())
                .invoke(builder, sample(parameter));

        byte[] key = key("fast", MODEL, builder.build(), UserMessage.from("Hi"));

        byte[] plain = key("fast", MODEL, PLAIN, UserMessage.from("Hi"));
        assertThat(Arrays.equals(key, plain)).isEqualTo(IRRELEVANT.contains(parameter.getName()));
    }

    private static Object sample(Field parameter) {
        Class<?> type = parameter.getType();
        if (type == String.class) {
            return "sample";
        } else if (type == Double.class) {
            return 0.5;
        } else if (type == Integer.class) {
            return 7;
        } else if (type == Boolean.class) {
            return true;
        } else if (type == ToolChoice.class) {
            return ToolChoice.REQUIRED;
        } else if (type == ResponseFormat.class) {
            return ResponseFormat.JSON;
        } else if (parameter.getName().equals("toolSpecifications")) {
            return List.of(ToolSpecification.builder().name("sample").build());
        } else if (type == List.class) {
            return List.of("sample");
        }
        throw new AssertionError("No sample of a " + type + " for " + parameter.getName());
    }

    @Test
    void anAliasThatIsGivenAnotherModelIsAnotherQuestion() {
        byte[] key = key("fast", MODEL, PLAIN, UserMessage.from("Hi"));

        assertThat(key("fast", MODEL, PLAIN, UserMessage.from("Hi"))).isEqualTo(key);
        assertThat(Stream.of(
                        new ModelIdentity("openai", "openai", null, "gpt-6-mini"),
                        new ModelIdentity("other", "openai", null, "gpt-5-mini"),
                        new ModelIdentity("openai", "gemini", null, "gpt-5-mini"),
                        new ModelIdentity("openai", "openai", "http://localhost/v1", "gpt-5-mini")))
                .allSatisfy(other -> assertThat(key("fast", other, PLAIN, UserMessage.from("Hi")))
                        .isNotEqualTo(key));
    }

    @Test
    void everyMessageAndItsRoleCount() {
        byte[] key = key("fast", MODEL, PLAIN, UserMessage.from("Hi"));

        assertThat(key("fast", MODEL, PLAIN, SystemMessage.from("Hi"))).isNotEqualTo(key);
        assertThat(key("fast", MODEL, PLAIN, UserMessage.from("Hi"), UserMessage.from("Hi")))
                .isNotEqualTo(key);
        assertThat(key("slow", MODEL, PLAIN, UserMessage.from("Hi"))).isNotEqualTo(key);
    }

    private static byte[] key(String alias, ModelIdentity model, ChatParameters parameters, ChatMessage... messages) {
        ChatRequest prompt =
                ChatRequest.builder().messages(messages).parameters(parameters).build();
        return CacheKey.of(alias, model, prompt);
    }
}
