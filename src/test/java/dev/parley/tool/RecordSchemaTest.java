package dev.parley.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordSchemaTest {

    enum Colour {
        RED,
        @JsonProperty("navy-blue")
        NAVY
    }

    record Address(
            @Description("With the house number.") String street,
            @Nullable String city) {}

    record Everything(
            @Description("Whom to greet.") @NotBlank @Size(max = 20)
            String name,

            @JsonProperty("how_many") @Min(1) @Max(9) int howMany,
            @Nullable Double weight,
            Optional<Boolean> urgent,
            Colour colour,
            @Size(min = 1, max = 3) List<String> tags,
            @Nullable List<Address> addresses,
            @Nullable @Pattern(regexp = "[A-Z]{3}") String currency,
            @Nullable BigDecimal amount) {}

    static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    void aRecordSaysAllThatASchemaDoes() throws Exception {
        assertThat(MAPPER.readTree(RecordSchema.of(Everything.class).toString()))
                .isEqualTo(MAPPER.readTree("""
                {"type": "object",
                 "properties": {
                   "name": {"type": "string", "description": "Whom to greet.", "maxLength": 20, "minLength": 1,
                            "pattern": "\\\\S"},
                   "how_many": {"type": "integer", "minimum": 1, "maximum": 9},
                   "weight": {"type": "number"},
                   "urgent": {"type": "boolean"},
                   "colour": {"type": "string", "enum": ["RED", "navy-blue"]},
                   "tags": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 3},
                   "addresses": {"type": "array", "items":
                      {"type": "object",
                       "properties": {"street": {"type": "string", "description": "With the house number."},
                                      "city": {"type": "string"}},
                       "required": ["street"],
                       "additionalProperties": false}},
                   "currency": {"type": "string", "pattern": "^(?:[A-Z]{3})$"},
                   "amount": {"type": "number"}},
                 "required": ["name", "how_many", "colour", "tags"],
                 "additionalProperties": false}"""));
    }

    record Mapped(Map<String, String> values) {}

    record Anything(Object value) {}

    @Test
    void aTypeThatNoArgumentCanHaveIsRefusedAtStart() {
        assertThatThrownBy(() -> RecordSchema.of(Mapped.class)).hasMessageContaining("java.util.Map");
        assertThatThrownBy(() -> RecordSchema.of(Anything.class)).hasMessageContaining("java.lang.Object");
    }

    @Test
    void argumentsAreHeldToItAndTheModelIsToldWhichIsWrong() {
        ArgumentSchema schema = ArgumentSchema.of(RecordSchema.of(Everything.class));
        String good = "{'name':'Ann','how_many':2,'colour':'RED','tags':['a']}";

        assertThatCode(() -> schema.check(json(good))).doesNotThrowAnyException();
        assertRefused(schema, good.replace("2", "'2'"), "how_many");
        assertRefused(schema, good.replace("2", "2.5"), "how_many");
        assertRefused(schema, good.replace("2", "10"), "how_many");
        assertRefused(schema, good.replace("'how_many':2,", ""), "how_many");
        assertRefused(schema, good.replace("RED", "GREEN"), "colour");
        assertRefused(schema, good.replace("'Ann'", "' '"), "name");
        assertRefused(schema, good.replace("['a']", "[1]"), "tags.0");
        assertRefused(schema, good.replace("{'name'", "{'admin':true,'name'"), "admin");
        assertRefused(schema, "[]", "object");
        assertRefused(schema, "'text'", "object");
    }

    private static void assertRefused(ArgumentSchema schema, String arguments, String named) {
        assertThatThrownBy(() -> schema.check(json(arguments)))
                .isInstanceOfSatisfying(ToolFailure.class, failure -> assertThat(failure.mayHaveHappened())
                        .isFalse())
                .hasMessageContaining(named);
    }

    /// JSON with single quotes for double ones.
    static com.fasterxml.jackson.databind.JsonNode json(String text) {
        try {
            return MAPPER.readTree(text.replace('\'', '"'));
        } catch (com.fasterxml.jackson.core.JsonProcessingException mistake) {
            throw new AssertionError(mistake);
        }
    }
}
