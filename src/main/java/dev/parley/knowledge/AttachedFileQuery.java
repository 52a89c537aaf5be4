package dev.parley.knowledge;

import dev.parley.postgres.TenantId;
import dev.parley.problem.Problem;
import java.util.ArrayList;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Which of a store's files a list holds, in the order they were attached.
///
/// @param batch only this batch's
/// @param status only those that stand so
/// @param after the last file of the page before
record AttachedFileQuery(
        TenantId tenant,
        VectorStoreId store,
        @Nullable UUID batch,
        @Nullable String status,
        @Nullable FileId after,
        int limit,
        boolean ascending) {

    private static final Set<String> STATUSES = Set.of("in_progress", "completed", "failed", "cancelled");

    AttachedFileQuery {
        if (status != null && !STATUSES.contains(status)) {
            throw Problem.invalid(
                    "filter",
                    "'filter' must be one of %s."
                            .formatted(STATUSES.stream().sorted().toList()));
        }
    }

    String sql() {
        String direction = ascending ? "ASC" : "DESC";
        return "SELECT * FROM vector_store_files WHERE tenant_id = ? AND vector_store_id = ?"
                + (batch == null ? "" : " AND batch_id = ?")
                + (status == null ? "" : " AND status = ?")
                + (after == null ? "" : " AND (created_at, file_id) " + (ascending ? ">" : "<") + " " + cursor())
                + " ORDER BY created_at %s, file_id %s LIMIT ?".formatted(direction, direction);
    }

    private static String cursor() {
        return "(SELECT created_at, file_id FROM vector_store_files"
                + " WHERE tenant_id = ? AND vector_store_id = ? AND file_id = ?)";
    }

    @Nullable
    Object[] args() {
        var args = new ArrayList<@Nullable Object>();
        args.add(tenant);
        args.add(store.value());
        if (batch != null) {
            args.add(batch);
        }
        if (status != null) {
            args.add(status);
        }
        if (after != null) {
            args.add(tenant);
            args.add(store.value());
            args.add(after.value());
        }
        args.add(limit + 1);
        return args.toArray();
    }
}
