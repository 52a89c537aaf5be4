package dev.parley.model.extractive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.output.FinishReason;
import dev.parley.model.Passage;
import dev.parley.model.Passages;
import dev.parley.model.ProviderFailure;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExtractiveAnswerTest {

    private static final List<Passage> HANDBOOK = List.of(
            new Passage(
                    1,
                    "leave.md",
                    "# Leave\nEmployees get 28 days of paid vacation a year. Unused days expire in March."),
            new Passage(2, "travel.md", "Trains are booked in second class. Hotels may cost up to 120 euros a night."),
            new Passage(
                    3, "it.md", "Report a lost laptop to the help desk at once.\n\n- The VPN needs a hardware token."),
            new Passage(4, "de.md", "Überstunden werden am Monatsende ausgezahlt. Die Küche ist im dritten Stock."),
            new Passage(5, "ja.md", "会議室は三階にあります。食堂は一階です。"));

    @Test
    void theSentenceThatAnswersIsQuotedWithItsPassage() {
        assertThat(answer("How many vacation days do employees get?"))
                .isEqualTo("Employees get 28 days of paid vacation a year. [1]");
        assertThat(answer("What may a hotel cost per night?")).contains("up to 120 euros a night. [2]");
        assertThat(answer("what does the VPN need?")).contains("The VPN needs a hardware token. [3]");
        assertThat(answer("Wann werden Ueberstunden oder Überstunden ausgezahlt?"))
                .contains("[4]");
        assertThat(answer("食堂はどこですか")).contains("食堂は一階です。 [5]");
    }

    @Test
    void whenNothingFitsItSaysSo() {
        assertThat(answer("What is the capital of France?")).isEqualTo(ExtractiveAnswer.NOTHING_FITS);
    }

    @Test
    void withoutDocumentsItSaysWhatToDo() {
        assertThat(answer(ChatRequest.builder().messages(UserMessage.from("Hi")))
                        .text())
                .contains("parley.vector_store_ids");
    }

    @Test
    void onlyTheLastQuestionCounts() {
        var request = ChatRequest.builder()
                .messages(
                        SystemMessage.from(Passages.render(HANDBOOK)),
                        UserMessage.from("How many vacation days do employees get?"),
                        AiMessage.from("28."),
                        UserMessage.from("Which class are trains booked in?"));

        assertThat(answer(request).text()).isEqualTo("Trains are booked in second class. [2]");
    }

    @Test
    void limitsCutTheAnswer() {
        ExtractiveAnswer cut =
                answer(question("How many vacation days do employees get?").maxOutputTokens(3));
        assertThat(cut.text()).isEqualTo("Employees get 28 ");
        assertThat(cut.response().finishReason()).isEqualTo(FinishReason.LENGTH);

        assertThat(answer(question("How many vacation days do employees get?").stopSequences(List.of("paid")))
                        .text())
                .isEqualTo("Employees get 28 days of ");
    }

    @Test
    void usageIsCounted() {
        var usage = answer(question("How many vacation days do employees get?"))
                .response()
                .tokenUsage();

        assertThat(usage.inputTokenCount()).isGreaterThan(50);
        assertThat(usage.outputTokenCount()).isEqualTo(10);
    }

    @Test
    void jsonIsRefused() {
        assertThatThrownBy(() -> answer(question("Hi").responseFormat(ResponseFormat.JSON)))
                .isInstanceOf(ProviderFailure.class);
    }

    private static String answer(String question) {
        return answer(question(question)).text();
    }

    private static ChatRequest.Builder question(String question) {
        return ChatRequest.builder()
                .messages(SystemMessage.from(Passages.render(HANDBOOK)), UserMessage.from(question));
    }

    private static ExtractiveAnswer answer(ChatRequest.Builder request) {
        return ExtractiveAnswer.to(request.build());
    }
}
