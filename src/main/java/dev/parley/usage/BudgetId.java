package dev.parley.usage;

import dev.parley.postgres.Ids;
import java.util.UUID;

record BudgetId(UUID value) {

    static final String PREFIX = "budget_";

    @Override
    public String toString() {
        return Ids.format(PREFIX, value);
    }
}
