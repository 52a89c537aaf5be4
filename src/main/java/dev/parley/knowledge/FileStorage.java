package dev.parley.knowledge;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Where new content goes. Its owner's row says where it is, so that several storages may be in use.
interface FileStorage {

    /// Takes content in, outside of any transaction; it may wait for the network. What is not kept then leaves no
    /// trace.
    Staged stage(ContentOwner owner, Path content, String contentType);

    /// Content that nobody has yet.
    interface Staged {

        /// Where it is; null for the database.
        @Nullable
        String location();

        /// Makes it its owner's, in the transaction that has written the owner's row.
        void keep(Connection connection) throws SQLException;
    }
}
