package dev.parley.knowledge;

import dev.parley.postgres.TenantId;
import java.util.ArrayList;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A file in a vector store: what one ingestion works on.
public record AttachmentId(TenantId tenant, VectorStoreId vectorStore, FileId file) {

    /// Arguments of a statement, in order; an attachment's id stands for tenant, store and file, an array for its
    /// elements.
    static @Nullable Object[] args(@Nullable Object... parts) {
        var args = new ArrayList<@Nullable Object>();
        for (Object part : parts) {
            switch (part) {
                case AttachmentId(TenantId tenant, VectorStoreId store, FileId file) ->
                    args.addAll(Arrays.asList(tenant, store.value(), file.value()));
                case Object[] values -> args.addAll(Arrays.asList(values));
                case null, default -> args.add(part);
            }
        }
        return args.toArray();
    }
}
