package dev.parley.knowledge;

import static dev.parley.knowledge.AttachmentId.args;

import dev.parley.postgres.TenantId;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Where one search looks.
///
/// @param condition on the files, as SQL on `a`
/// @param depth how many chunks each ranking is asked for
record Scope(TenantId tenant, List<UUID> stores, Predicate condition, int depth) {

    boolean isFiltered() {
        return condition != Predicate.ALWAYS;
    }

    /// The same within these stores only.
    Scope within(List<UUID> some) {
        return new Scope(tenant, some, condition, depth);
    }

    /// The same without these files.
    Scope without(List<UUID> files) {
        return files.isEmpty() ? this : new Scope(tenant, stores, condition.andNotIn(files), depth);
    }

    /// Arguments of a statement that ends with the condition: what comes before, tenant, stores, then the condition's.
    @Nullable
    Object[] arguments(@Nullable Object... before) {
        return args(before, tenant, stores, condition.args().toArray());
    }
}
