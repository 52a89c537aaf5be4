package dev.parley.knowledge;

import dev.parley.postgres.TenantId;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Where new files' content goes. A file's row says where its own is, so that several storages may be in use.
interface FileStorage {

    /// Takes content in, outside of any transaction; it may wait for the network. What is not kept then leaves no
    // trace.
    Staged stage(TenantId tenant, FileId id, NewFile upload);

    /// Content that no file has yet.
    interface Staged {

        /// Where it is; null for the database.
        @Nullable
        String location();

        /// Makes it the file's, in the transaction that has written the file's row.
        void keep(Connection connection) throws SQLException;
    }
}
