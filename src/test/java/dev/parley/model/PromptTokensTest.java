package dev.parley.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromptTokensTest {

    private static final Encoding O200K = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "The quick brown fox jumps over the lazy dog, twice.",
                "Bitte beachten Sie die Datenschutzgrundverordnung der Europäischen Union.",
                "int x = list.stream().mapToInt(i -> i * 2).sum();\n    return x;",
                "Приветствуем вас в нашем магазине.",
                "東京は日本の首都です。",
                "{\"order_id\": 1234567, \"items\": [\"a\", \"b\"]}",
                "😀😀👍🏽"
            })
    void theEstimateIsNotBelowARealTokenizersCountAndNotFarAbove(String text) {
        int real = O200K.countTokens(text);

        assertThat(PromptTokens.estimate(text)).isBetween(real, Math.max(real * 3, real + 30));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "The quick brown fox jumps over the lazy dog, twice.",
                "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz",
                "================================================================",
                "                                                                a",
                "Приветствуем вас в нашем магазине.",
                "東京は日本の首都です。",
                "{\"order_id\": 1234567, \"items\": [\"a\", \"b\"]}",
                "😀😀👍🏽"
            })
    void whatATextSurelyHasIsNotAboveARealTokenizersCount(String text) {
        assertThat(PromptTokens.atLeast(text)).isLessThanOrEqualTo(O200K.countTokens(text));
    }

    @Test
    void plainProseIsSurelyMostOfWhatItIs() {
        String text = "The quick brown fox jumps over the lazy dog. ".repeat(100);

        assertThat(PromptTokens.atLeast(text)).isGreaterThan(O200K.countTokens(text) * 3L / 4);
    }

    @Test
    void imagesAreCountedAtTheirMost() {
        var text = UserMessage.from("What is it?");
        var image = UserMessage.from(TextContent.from("What is it?"), ImageContent.from("AAAA", "image/png"));

        assertThat(PromptTokens.estimate(image) - PromptTokens.estimate(text)).isEqualTo(5000);
    }
}
