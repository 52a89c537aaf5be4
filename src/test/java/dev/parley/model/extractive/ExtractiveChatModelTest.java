package dev.parley.model.extractive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.FinishReason;
import dev.parley.model.Passage;
import dev.parley.model.Passages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExtractiveChatModelTest {

    private static final String QUESTION = "How long may a parcel stay at the counter?";
    private static final String ANSWER = "A parcel may stay at the counter for nine days. [3]";

    private final ExtractiveChatModel model = new ExtractiveChatModel();

    @Test
    void answersWithASentenceAndItsPassagesNumber() {
        ChatResponse response = model.chat(asked().build());

        assertThat(response.aiMessage().text()).isEqualTo(ANSWER);
        assertThat(response.modelName()).isEqualTo("extractive");
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(response.tokenUsage().inputTokenCount()).isBetween(30, 80);
        assertThat(response.tokenUsage().outputTokenCount()).isBetween(12, 18);
    }

    @Test
    void passagesInTheUsersOwnMessageAreNotPartOfTheQuestion() {
        var request = ChatRequest.builder().messages(UserMessage.from(passages() + "\n\n" + QUESTION));

        assertThat(model.chat(request.build()).aiMessage().text()).isEqualTo(ANSWER);
    }

    @Test
    void withoutPassagesSaysHowToGetThem() {
        assertThat(model.chat(QUESTION))
                .contains("parley.vector_store_ids", "/v1/models")
                .doesNotContain("[");
    }

    @Test
    void saysWhenNothingFits() {
        var request = ChatRequest.builder()
                .messages(SystemMessage.from(passages()), UserMessage.from("Who painted the ceiling?"));

        assertThat(model.chat(request.build()).aiMessage().text())
                .isEqualTo("Nothing in the documents answers this question.");
    }

    @Test
    void streamsWordByWordWhatItWouldAnswer() {
        var listener = new Listener(Integer.MAX_VALUE);
        model.chat(asked().build(), listener);

        assertThat(listener.words).hasSize(11).startsWith("A", " parcel");
        assertThat(String.join("", listener.words)).isEqualTo(ANSWER);
        assertThat(listener.response).isEqualTo(model.chat(asked().build()));
    }

    @Test
    void aCancelledStreamEndsWithoutAResponse() {
        var listener = new Listener(3);
        model.chat(asked().build(), listener);

        assertThat(listener.words).containsExactly("A", " parcel", " may");
        assertThat(listener.response).isNull();
    }

    @Test
    void keepsToItsTokenLimit() {
        ChatResponse response = model.chat(asked().maxOutputTokens(4).build());

        assertThat(ANSWER).startsWith(response.aiMessage().text());
        assertThat(response.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(response.tokenUsage().outputTokenCount()).isEqualTo(4);
    }

    @Test
    void endsBeforeAStopSequence() {
        ChatResponse response =
                model.chat(asked().stopSequences(List.of("nine", "counter")).build());

        assertThat(response.aiMessage().text()).isEqualTo("A parcel may stay at the ");
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void refusesJson() {
        var request = asked().responseFormat(ResponseFormat.JSON).build();

        assertThatThrownBy(() -> model.chat(request)).isInstanceOf(UnsupportedFeatureException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",",
                "a",
                "a,",
                ". ",
                "| ",
                "- ",
                "\n",
                "#\n",
                "z. ",
                ": ",
                "\uD83D",
                "漢",
                "<|endoftext|>",
                "parcel counter "
            })
    void hostileTextIsReadInGoodTime(String piece) {
        String text = "," + piece.repeat(100_000 / piece.length());
        var passages = List.of(new Passage(1, "hostile", text));

        assertThat(Duration.ofNanos(nanos(() -> Extraction.answer(QUESTION + text, passages))))
                .isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void hundredsOfPassagesAreReadInGoodTime() {
        List<Passage> many = IntStream.rangeClosed(1, 500)
                .mapToObj(i -> new Passage(
                        i,
                        "post.md",
                        "Parcel number %d waits at the counter. ".formatted(i).repeat(25)))
                .toList();

        assertThat(Duration.ofNanos(nanos(() -> Extraction.answer(QUESTION, many))))
                .isLessThan(Duration.ofSeconds(20));
    }

    private static long nanos(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return System.nanoTime() - start;
    }

    private static ChatRequest.Builder asked() {
        return ChatRequest.builder().messages(SystemMessage.from(passages()), UserMessage.from(QUESTION));
    }

    private static String passages() {
        return Passages.render(List.of(new Passage(
                3,
                "post.md",
                "Parcels are kept. A parcel may stay at the counter for nine days. Letters are not kept.")));
    }

    private static final class Listener implements StreamingChatResponseHandler {

        final List<String> words = new ArrayList<>();
        final int enough;

        @Nullable
        ChatResponse response;

        Listener(int enough) {
            this.enough = enough;
        }

        @Override
        public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
            words.add(partial.text());
            if (words.size() == enough) {
                context.streamingHandle().cancel();
            }
        }

        @Override
        public void onCompleteResponse(ChatResponse complete) {
            response = complete;
        }

        @Override
        public void onError(Throwable error) {
            throw new AssertionError(error);
        }
    }
}
