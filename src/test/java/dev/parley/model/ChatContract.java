package dev.parley.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.output.FinishReason;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What every chat model does, the embedded one included.
abstract class ChatContract {

    static final String PIXEL =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    static final String SCHEMA = """
            {"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}""";

    @Inject
    ChatModels models;

    final Heard heard = new Heard();

    /// What this one can do. Verified here, and told in the docs.
    abstract ProviderFacts facts();

    abstract String alias();

    /// A question whose answer has three pieces at least.
    abstract ChatRequest.Builder question();

    /// Hears everything and cancels after so many texts.
    static final class Heard implements GenerationListener {
        final List<String> texts = new ArrayList<>();
        final List<String> calls = new ArrayList<>();
        int cancelAfter = Integer.MAX_VALUE;

        @Override
        public void onText(String delta) {
            texts.add(delta);
        }

        @Override
        public void onRefusal(String delta) {
            throw new AssertionError("Nothing was refused: " + delta);
        }

        @Override
        public void onToolCall(int index, String id, String name, String argumentsDelta) {
            calls.add(index + " " + id + " " + name + " " + argumentsDelta);
        }

        @Override
        public boolean isCancelled() {
            return texts.size() >= cancelAfter;
        }
    }

    @Test
    void textComesWholeAndInPiecesThatAddUp() {
        Generation whole = generate(question().build());
        Generation streamed = stream(question().build());

        assertThat(whole.response().aiMessage().text()).isNotBlank();
        assertThat(heard.texts).hasSizeGreaterThanOrEqualTo(3);
        assertThat(String.join("", heard.texts))
                .isEqualTo(streamed.response().aiMessage().text())
                .isEqualTo(whole.response().aiMessage().text());
        for (Generation each : List.of(whole, streamed)) {
            assertThat(each.response().finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(each.response().tokenUsage().inputTokenCount()).isPositive();
            assertThat(each.response().tokenUsage().outputTokenCount()).isPositive();
            assertThat(each.warnings()).isEmpty();
        }
    }

    @Test
    void cancellingKeepsWhatThereIs() {
        heard.cancelAfter = 2;

        Generation generation = stream(question().build());

        assertThat(heard.texts).hasSize(2);
        assertThat(generation.response().aiMessage().text()).isEqualTo(String.join("", heard.texts));
        assertThat(generation.warnings()).contains(Warning.CANCELLED);
    }

    @Test
    void whatItCannotDoIsRefusedBeforeTheCallByTheParameterThatAsksForIt() {
        for (Capability capability : Capability.values()) {
            if (!facts().can(capability)) {
                var refused = catchThrowableOfType(Problem.class, () -> generate(asking(question(), capability)));

                assertThat(refused).as("%s", capability).isNotInstanceOf(ModelFailure.class);
                assertThat(refused.kind()).isEqualTo(ProblemKind.INVALID_REQUEST);
                assertThat(refused.param()).isEqualTo(capability.parameter());
                assertThat(refused.getMessage()).contains(alias());
            }
        }
    }

    @Test
    void whatItsModelsMayClaimIsWhatItsProtocolCarries() {
        assertThat(models.info(alias()).capabilities()).isEqualTo(facts().capabilities());
    }

    /// The question, with more than text to do.
    static ChatRequest asking(ChatRequest.Builder question, Capability capability) {
        return switch (capability) {
            case TOOLS -> question.toolSpecifications(weather()).build();
            case JSON -> question.responseFormat(ResponseFormat.JSON).build();
            case JSON_SCHEMA -> question.responseFormat(schema()).build();
            case VISION -> {
                ChatRequest text = question.build();
                yield ChatRequest.builder()
                        .messages(UserMessage.from(
                                TextContent.from(((UserMessage) text.messages().getLast()).singleText()),
                                ImageContent.from(PIXEL, "image/png")))
                        .build();
            }
        };
    }

    static ToolSpecification weather() {
        return ToolSpecification.builder()
                .name("weather")
                .description("The weather in a city.")
                .parameters(JsonObjectSchema.builder()
                        .addStringProperty("city")
                        .required("city")
                        .build())
                .build();
    }

    static ResponseFormat schema() {
        return ResponseFormat.builder()
                .type(ResponseFormatType.JSON)
                .jsonSchema(JsonSchema.builder()
                        .name("place")
                        .rootElement(JsonRawSchema.from(SCHEMA))
                        .build())
                .build();
    }

    Generation generate(ChatRequest request) {
        return models.generate(alias(), request, Spend.UNMETERED);
    }

    Generation stream(ChatRequest request) {
        return models.stream(alias(), request, heard, Spend.UNMETERED);
    }
}
