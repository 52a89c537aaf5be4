package dev.parley.tool;

import static dev.parley.tool.RecordSchemaTest.json;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Schemas as admins write them.
class ArgumentSchemaTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'type':'string'}",
                "{'type':'object','properties':[]}",
                "{'type':'object','properties':{'a':{'type':'number of things'}}}",
                "{'type':'object','required':'a'}",
                "{'type':'object','properties':{'a':{'pattern':'('}}}",
                "{'type':'object','properties':{'a':{'$ref':'https://example.com/schema'}}}",
                "{'type':'object','properties':{'a':{'$ref':'file:///etc/passwd'}}}",
                "{'type':'object','properties':{'a':{'$ref':'#/$defs/missing'}}}",
                "{'type':'object','$id':'https://example.com/'}",
                "{'type':'object','$schema':'https://example.com/'}",
            })
    void whatIsNoSchemaOfAnObjectIsRefused(String schema) {
        assertThatThrownBy(() -> ArgumentSchema.of(json(schema)))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .isNotBlank();
    }

    @Test
    void aSchemaThatIsNestedTooDeepOrTooLongIsRefused() {
        String deep = "{'type':'object','properties':{'a':" + "{'items':".repeat(60) + "{}" + "}".repeat(60) + "}}";
        String loong = "{'type':'object','description':'" + "x".repeat(40_000) + "'}";

        assertThatThrownBy(() -> ArgumentSchema.of(json(deep))).hasMessageContaining("nested");
        assertThatThrownBy(() -> ArgumentSchema.of(json(loong))).hasMessageContaining("longer");
    }

    @Test
    void definitionsOfItsOwnAreFollowed() {
        ArgumentSchema schema = ArgumentSchema.of(
                json("{'type':'object','properties':{'a':{'$ref':'#/$defs/b'}},'$defs':{'b':{'type':'integer'}}}"));

        assertThatCode(() -> schema.check(json("{'a':1}"))).doesNotThrowAnyException();
        assertThatThrownBy(() -> schema.check(json("{'a':'x'}"))).hasMessageContaining("'a'");
    }

    @Test
    void aPatternThatTakesForEverIsGivenUp() {
        ArgumentSchema schema = ArgumentSchema.of(
                json(
                        "{'type':'object','properties':{'a':{'type':'string','pattern':'^(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)x$'}}}"));
        var endless = BoundedPattern.compile("^(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)x$");
        String text = "a".repeat(60) + "!";

        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            assertThatThrownBy(() -> endless.matches(text)).isInstanceOf(BoundedPattern.TooLong.class);
            assertThatThrownBy(() -> schema.check(json("{'a':'" + text + "'}"))).isInstanceOf(ToolFailure.class);
        });
    }
}
