package dev.parley.prompt;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Locale;
import java.util.Set;

/// By what a split tells its turns apart.
@RegisterForReflection
enum Sticky {
    @JsonProperty("conversation")
    CONVERSATION,
    @JsonProperty("user")
    USER;

    static final Set<String> CODES = Set.of(CONVERSATION.code(), USER.code());

    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Sticky of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
