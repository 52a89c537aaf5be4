package dev.parley.chat;

import dev.parley.conversation.MemoryBudget;
import dev.parley.conversation.Remembered;
import dev.parley.postgres.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/// What a response remembers of those it continues.
@ApplicationScoped
class ResponseChain {

    Remembered recall(TenantId tenant, UUID response, MemoryBudget budget) {
        throw new UnsupportedOperationException();
    }
}
