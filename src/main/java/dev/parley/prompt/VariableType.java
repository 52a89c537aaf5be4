package dev.parley.prompt;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// What a variable's value must look like. Whatever its type, it becomes text in a message.
@RegisterForReflection
enum VariableType {
    @JsonProperty("string")
    STRING,
    @JsonProperty("number")
    NUMBER,
    @JsonProperty("integer")
    INTEGER,
    @JsonProperty("boolean")
    BOOLEAN,
    @JsonProperty("enum")
    ENUM;

    static final Set<String> CODES =
            Arrays.stream(values()).map(VariableType::code).collect(Collectors.toUnmodifiableSet());

    private static final int MAX_DIGITS = 64;

    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    static VariableType of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }

    /// Whether a text is such a value. Of an enumeration the variable knows the values.
    boolean accepts(String text) {
        return switch (this) {
            case STRING, ENUM -> true;
            case NUMBER -> isNumber(text);
            case INTEGER -> text.matches("-?\\d{1,18}");
            case BOOLEAN -> text.equals("true") || text.equals("false");
        };
    }

    private static boolean isNumber(String text) {
        if (text.length() > MAX_DIGITS) {
            return false;
        }
        try {
            new BigDecimal(text);
            return true;
        } catch (NumberFormatException notANumber) {
            return false;
        }
    }
}
