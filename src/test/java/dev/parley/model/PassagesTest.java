package dev.parley.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PassagesTest {

    private static final List<String> FRAGMENTS = List.of(
            "<passage",
            "</passage>",
            "<passages>",
            "</passages>",
            "&lt;",
            "&amp;",
            "&",
            "lt;",
            "amp;",
            "passage",
            "<",
            "/",
            ">",
            "\"",
            "\n",
            "\r\n",
            " number=\"1\" source=\"x\">",
            "$1",
            "\\",
            "é",
            "漢字",
            "😀",
            " ",
            "");

    @Test
    void whateverATextContainsComesBackAsItWas() {
        for (int seed = 0; seed < 2000; seed++) {
            var random = new Random(seed);
            List<Passage> passages = IntStream.rangeClosed(1, 1 + random.nextInt(4))
                    .mapToObj(number -> new Passage(number, text(random), text(random)))
                    .toList();

            assertThat(Passages.in(
                            List.of(SystemMessage.from("Answer.\n" + Passages.render(passages) + "\nBe brief."))))
                    .as("seed %d", seed)
                    .isEqualTo(passages);
        }
    }

    @Test
    void plainTextIsNotTouched() {
        String code = "if (a < b && b > c) { return List<String>; } &gt; <p>";

        assertThat(Passages.render(List.of(new Passage(1, "a.md", code)))).contains(code);
    }

    @Test
    void theLastBlockCounts() {
        var older = new Passage(1, "old.md", "old");
        var newer = new Passage(1, "new.md", "new");

        assertThat(Passages.in(List.of(
                        SystemMessage.from(Passages.render(List.of(older))),
                        UserMessage.from(Passages.render(List.of(newer))),
                        AiMessage.from("…"),
                        UserMessage.from("And then?"))))
                .containsExactly(newer);
    }

    @Test
    void messagesWithoutABlockHaveNoPassages() {
        assertThat(Passages.in(List.of(UserMessage.from("<passages> are what?"))))
                .isEmpty();
        assertThat(Passages.in(List.of(UserMessage.from(Passages.render(List.of())))))
                .isEmpty();
    }

    private static String text(Random random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.append(FRAGMENTS.get(random.nextInt(FRAGMENTS.size())));
        }
        return text.toString();
    }

    @Test
    void anEmptyBlockIsStillABlock() {
        assertThat(Passages.areIn(List.of(UserMessage.from(Passages.render(List.of())))))
                .isTrue();
        assertThat(Passages.areIn(List.of(UserMessage.from("Any passages?")))).isFalse();
    }
}
