package dev.parley.model;

import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.output.FinishReason;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import java.util.Set;

@QuarkusTest
class ExtractiveContractIT extends ChatContract {

    @Override
    ProviderFacts facts() {
        return new ProviderFacts("extractive", Set.of(), false, false, false, Map.of("stop", FinishReason.STOP));
    }

    @Override
    String alias() {
        return "extractive";
    }

    @Override
    ChatRequest.Builder question() {
        var passage = new Passage(1, "ulm.txt", "The minster of Ulm has the tallest church tower in the world.");
        return ChatRequest.builder()
                .messages(
                        SystemMessage.from(Passages.render(List.of(passage))),
                        UserMessage.from("Which church tower is the tallest?"));
    }
}
