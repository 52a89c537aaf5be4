package dev.parley.chat;

import dev.langchain4j.data.message.ChatMessage;
import dev.parley.conversation.Memory;
import dev.parley.postgres.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;

/// Keeps what a turn leaves behind, in one transaction.
@ApplicationScoped
class Settlement {

    private final Memory memory;

    Settlement(Memory memory) {
        this.memory = memory;
    }

    void settle(TenantId tenant, TurnRequest request, Draft draft, ChatMessage answer) {
        TurnRequest.Memory asked = request.memory();
        if (asked == null) {
            return;
        }
        List<ChatMessage> said = new ArrayList<>(request.messages());
        said.add(answer);
        memory.keep(tenant, asked.conversation(), said, draft.continued());
    }
}
