package dev.parley.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.parley.model.SharedBreakers.ModelKey;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class BreakerIT {

    @Inject
    ChatModels models;

    @Inject
    SharedBreakers shared;

    /// An earlier run's is shared with this one.
    @BeforeEach
    void close() {
        shared.close(new ModelKey("scripted-broken", "scripted-broken"));
    }

    @Test
    void aModelThatKeepsFailingIsLeftAloneAndItsFallbackAskedAtOnce() {
        var script = ScriptedProvider.script(
                Reply.serverError().onlyFor("scripted-broken"),
                Reply.text("Me.").onlyFor("scripted-fallback"));
        ChatRequest request = ChatRequest.builder()
                .messages(UserMessage.from(script.marker()))
                .build();

        for (int i = 0; i < 20; i++) {
            assertThat(models.generate("scripted-broken", request, Spend.UNMETERED)
                            .model())
                    .isEqualTo("scripted-fallback");
        }

        long asked = script.requests().stream()
                .filter(each -> each.model().equals("scripted-broken"))
                .count();
        assertThat(asked).isEqualTo(20);
        assertThat(models.generate("scripted-broken", request, Spend.UNMETERED).attempts())
                .hasSize(1);
    }
}
